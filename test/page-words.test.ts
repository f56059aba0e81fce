import { describe, expect, test, vi } from 'vitest';
import { assemble } from '../src/app/data/assemble.ts';
import { defaultChoice } from '../src/app/data/choice.ts';
import { ownFiles } from '../src/app/data/sources.ts';
import { boundAxis } from '../src/app/fit/bound-axis.ts';
import { explained } from '../src/app/fit/explained.ts';
import { ticks } from '../src/app/plot/ticks.ts';
import { exact, range, resolved, spread } from '../src/app/shared/format.ts';
import { translated } from '../src/app/shared/glossary.ts';
import { GaussianMixture, MixtureError } from '../src/index.ts';
import { readFiles } from './setup/read-files.ts';

describe('numbers as the page writes them', () => {
  test('a mean has the digits of its deviation, whatever its size', () => {
    expect(spread(4.2897, 0.4116)).toBe('4.290 ± 0.412');
    expect(spread(-79.968, 5.999)).toBe('−79.97 ± 6.00');
    expect(spread(-0.0004, 1)).toBe('0.00 ± 1.00');
    expect(spread(1_700_003_600.4, 299.2)).toBe('1,700,003,600 ± 299');
    expect(spread(8.497, 1009.2)).toBe('8 ± 1,009');
    expect(spread(3.25e-9, 1.5e-11)).toBe('3.2500e−9 ± 1.50e−11');
    expect(spread(2.5e20, 1e18)).toBe('2.5000e+20 ± 1.00e+18');
    expect(spread(1.7e12, 0)).toBe('1,700,000,000,000 ± 0');
    expect(spread(0, 2e-9)).toBe('0.00e+0 ± 2.00e−9');
  });

  test('the ends of a range differ where they do', () => {
    expect(range(1_700_000_000_000, 1_700_000_086_400)).toBe(
      '1,700,000,000,000 to 1,700,000,086,400',
    );
    expect(range(0, 1)).toBe('0 to 1');
    expect(range(-0.00001, 0.00002)).toBe('−1.000e−5 to 2.000e−5');
    expect(resolved(5, 0)).toBe('5');
    expect(exact(1_700_003_600.25)).toBe('1,700,003,600.25');
    expect(exact(Math.fround(0.3), true)).toBe('0.3');
  });

  test('labels along an axis say what they exceed a round number by', () => {
    const about = ticks({ low: 1_699_999_000, high: 1_700_004_500 }, 11);
    expect(about.note).toBe('+ 1,700,000,000');
    expect(about.labels).toContain('−500');
    expect(ticks({ low: 1_700_009_000, high: 1_700_014_500 }, 6)).toMatchObject({
      note: '+ 1,700,000,000',
      labels: ['9,000', '10,000', '11,000', '12,000', '13,000', '14,000'],
    });
  });

  test('the axis of the bound tells neighbours apart, and shows a level curve level', () => {
    const close = boundAxis([-4.258612, -4.258614, -4.258619], 1e-12);
    expect(new Set(close.labels).size).toBe(close.labels.length);
    expect(close.labels.length).toBeGreaterThan(2);
    expect(close.range[0]).toBeLessThan(-4.258619);
    const level = boundAxis([-190.5, -190.5], 1e-4);
    expect(level.range[1] - level.range[0]).toBeLessThan(0.001);
    expect(level.range[0]).toBeLessThan(-190.5);
    expect(boundAxis([], 1e-4).values.every(Number.isFinite)).toBe(true);
  });
});

describe('errors in the words of the page', () => {
  const known = {
    settings: { nComponents: 3, covarianceType: 'full', regCovar: 0 },
    featureNames: ['a', 'b', 'total'],
    constant: [],
    hasColumns: true,
    isStandardised: false,
  } as const;
  const remedies = {
    leaveOut: vi.fn<(column: string) => void>(),
    standardise: vi.fn<() => void>(),
    setComponents: vi.fn<(nComponents: number) => void>(),
    showAdded: vi.fn<() => void>(),
  };
  const linear = (rows: readonly (readonly number[])[]) => ({
    data: Float64Array.from(rows.flat()),
    nSamples: rows.length,
    nFeatures: rows[0].length,
  });
  const failure = async (rows: readonly (readonly number[])[], nComponents: number) => {
    const options = { nComponents, regCovar: 0 };
    try {
      await GaussianMixture.fit(linear(rows), options);
    } catch (error) {
      return error as MixtureError;
    }
    throw new Error('It can be fitted.');
  };
  const grid = Array.from({ length: 40 }, (_, i) => [i % 7, (i * 3) % 11]);

  test('a column that follows from the others is named, and can be left out', async () => {
    const error = await failure(
      grid.map(([a, b]) => [a, b, a + b]),
      3,
    );
    expect(error.code).toBe('COLLAPSED_COMPONENT');
    const { message, hint, ways } = explained(error, known, remedies)!;
    expect(message).toMatch(/“total” follows from the other columns/);
    expect(`${message} ${hint}`).not.toMatch(/regCovar|pivot|feature \d|restart/);
    const labels = ways!.map(({ label }) => label);
    expect(labels).toEqual([
      'Leave out “total”',
      'Use 2 components',
      'Standardise',
      'Set “Added to variances”',
    ]);
    for (const way of ways!) way.take();
    expect(remedies.leaveOut).toHaveBeenCalledWith('total');
    expect(remedies.setComponents).toHaveBeenCalledWith(2);
    expect(remedies.standardise).toHaveBeenCalledOnce();
    expect(remedies.showAdded).toHaveBeenCalledOnce();
  });

  test('a constant column is called constant', () => {
    const details = { component: 1, smallestPivot: 0, feature: 0 };
    const error = new MixtureError('COLLAPSED_COMPONENT', 'It collapsed.', 'Help it.', details);
    const { message, ways } = explained(error, { ...known, constant: [0] }, remedies)!;
    expect(message).toMatch(/^“a” has the same value in every row/);
    expect(ways![0].label).toBe('Leave out “a”');
  });

  test('too few samples: as many components as there are', async () => {
    const few = explained(await failure([[1], [2], [4]], 5), known, remedies)!;
    expect(few.message).toBe('There are 3 samples for 5 components: each needs one at least.');
    expect(few.ways!.map(({ label }) => label)).toEqual(['Use 3 components']);
    const one = explained(await failure([[1]], 1), known, remedies)!;
    expect(one.message).toBe('There is one sample: a mixture needs two at least.');
    expect(one.ways).toBeUndefined();
  });

  test('a table of one row says itself what is wrong with it', async () => {
    const { table } = await readFiles({ 'a.csv': 'x,y\n1,2\n' });
    const label = ownFiles([new File([], 'a.csv')]);
    const error = await assemble(table, defaultChoice(table), label).catch(
      (reason: unknown) => reason,
    );
    const one = explained(error, known, remedies)!;
    expect(one.message).toBe('There is one row to fit.');
    expect(one.hint).toMatch(/^Give at least two rows/);
    expect(one.ways).toBeUndefined();
  });

  test('a comparison without a result gives one reason, not all of them', async () => {
    const reason = await failure([[1], [2], [4]], 5);
    const candidates = [5, 6, 7].map((nComponents) => ({ nComponents, error: reason }));
    const error = new MixtureError('NO_CANDIDATE', 'None.', 'Look.', { candidates });
    expect(explained(error, known, remedies)!.message).toBe(
      'None of the 3 sizes could be fitted. With 5 components: There are 3 samples for 5 components: each needs one at least.',
    );
  });

  test('options, features and restarts of any other sentence are called what the page calls them', () => {
    expect(translated("Pass what toJSON() gave (format 'x'), or this.")).toBe(
      'Choose a model that was saved by this page, by webgpu-em or by the scikit-learn snippet.',
    );
    expect(translated('Use fewer samples, or the CPU (backend: "cpu").')).toBe(
      'Use fewer samples, or the CPU.',
    );
    expect(translated('Raise regCovar: feature 2 of restart 0 is flat..', known.featureNames)).toBe(
      'Raise “Added to variances”: “total” of restart 1 is flat.',
    );
    expect(translated('Reasons. (4 more in details.candidates.)')).toBe('Reasons.');
    expect(translated('Wait ...')).toBe('Wait ...');
  });
});
