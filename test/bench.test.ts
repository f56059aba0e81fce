import { describe, expect, test } from 'vitest';
import { compareTraces, isRight, worst, type FitTrace } from '../bench/check.ts';
import { describeCase, grid, grouped, LEAST_REPETITIONS, quickGrid } from '../bench/grid.ts';
import { gate, toMarkdown, type Measurement, type Stamp } from '../bench/report.ts';
import { spread } from '../bench/statistics.ts';
import { drawSamples } from '../bench/synthetic.ts';

describe('the spread of measurements', () => {
  test('is median, quartiles and range, in any order of the values', () => {
    expect(spread([7, 1, 3, 2, 6, 5, 4])).toEqual({
      count: 7,
      least: 1,
      lowerQuartile: 2.5,
      median: 4,
      upperQuartile: 5.5,
      most: 7,
    });
  });

  test('lies between the two middle values of an even count, and on a single one', () => {
    expect(spread([4, 1, 2, 3]).median).toBe(2.5);
    expect(spread([10, 9])).toMatchObject({ lowerQuartile: 9.25, upperQuartile: 9.75 });
    expect(spread([5])).toMatchObject({ least: 5, lowerQuartile: 5, median: 5, most: 5 });
  });

  test('leaves the values as they were, and refuses what has no median', () => {
    const values = [3, 1, 2];
    spread(values);
    expect(values).toEqual([3, 1, 2]);
    expect(() => spread([])).toThrow('no measurements');
    expect(() => spread([1, Number.NaN])).toThrow('not a number');
  });
});

describe('the check beside a time', () => {
  const expected: FitTrace = {
    lowerBounds: [-3, -2],
    means: [Float64Array.of(0, 10), Float64Array.of(1, 20)],
    variances: [Float64Array.of(1, 4), Float64Array.of(1, 16)],
  };
  const shifted = (bound: number, mean: number): FitTrace => ({
    ...expected,
    lowerBounds: [-3, -2 + bound],
    means: [Float64Array.of(0, 10), Float64Array.of(1, 20 + mean)],
  });

  test('is the largest difference over the iterations, means in standard deviations', () => {
    const found = compareTraces(shifted(-0.25, 2), expected);
    expect(found).toEqual({ lowerBound: 0.25, meansInSigma: 0.5 });
    expect(compareTraces(expected, expected)).toEqual({ lowerBound: 0, meansInSigma: 0 });
  });

  test('covers a fit of fewer iterations, and refuses one of more or none', () => {
    const first = {
      lowerBounds: [-2.5],
      means: [Float64Array.of(0, 11)],
      variances: expected.variances,
    };
    expect(compareTraces(first, expected)).toEqual({ lowerBound: 0.5, meansInSigma: 0.5 });
    expect(() => compareTraces(expected, first)).toThrow('2 iterations to compare with 1');
    expect(() => compareTraces({ ...first, lowerBounds: [] }, expected)).toThrow('0 iterations');
  });

  test('passes at the gates, and fails beyond either one or at NaN', () => {
    expect(isRight({ lowerBound: 1e-5, meansInSigma: 1e-3 })).toBe(true);
    expect(isRight({ lowerBound: 1.01e-5, meansInSigma: 0 })).toBe(false);
    expect(isRight({ lowerBound: 0, meansInSigma: 1.01e-3 })).toBe(false);
    expect(isRight(compareTraces(shifted(Number.NaN, 0), expected))).toBe(false);
    expect(isRight(compareTraces(shifted(0, Number.NaN), expected))).toBe(false);
    const fine = { lowerBound: 0, meansInSigma: 0 };
    expect(isRight(worst([fine, { lowerBound: Number.NaN, meansInSigma: 0 }, fine]))).toBe(false);
  });
});

describe('the grid', () => {
  const grids = [grid(true), grid(false), quickGrid()];

  test('times nothing fewer than seven times, and checks every iteration that it times', () => {
    for (const shape of grids.flat()) {
      expect(shape.repetitions).toBeGreaterThanOrEqual(LEAST_REPETITIONS);
      expect(shape.checkIterations).toBeGreaterThanOrEqual(shape.iterations.webgpu);
      expect(shape.iterations.cpu).toBeGreaterThanOrEqual(1);
      // Where a time is left out, the row says why.
      expect(shape.firstRepetitions < LEAST_REPETITIONS).toBe(shape.firstLeftOut !== undefined);
    }
    expect(LEAST_REPETITIONS).toBe(7);
  });

  test('has the same shapes on both kinds of adapter, a million samples among them', () => {
    expect(grid(true).map(describeCase)).toEqual(grid(false).map(describeCase));
    expect(grid(true).map(describeCase)).toContain('1,000,000 × 8, K = 16, full');
  });

  test('groups digits', () => {
    expect([7, 100, 1000, 20_000, 1_000_000].map(grouped)).toEqual([
      '7',
      '100',
      '1,000',
      '20,000',
      '1,000,000',
    ]);
  });
});

describe('the made samples', () => {
  test.each(['full', 'diag'] as const)('are finite, seeded and of the shape: %s', (type) => {
    const shape = { ...quickGrid()[0], covarianceType: type };
    const { samples, start } = drawSamples(shape, 1);
    expect(samples.data).toHaveLength(shape.nSamples * shape.nFeatures);
    expect(samples.data.every(Number.isFinite)).toBe(true);
    expect(drawSamples(shape, 1)).toEqual({ samples, start });
    expect(drawSamples(shape, 2).samples.data).not.toEqual(samples.data);
    const { nComponents, nFeatures } = shape;
    const perComponent = type === 'full' ? nFeatures * nFeatures : nFeatures;
    expect(start.covariancesInit).toHaveLength(nComponents * perComponent);
    expect(start.meansInit).toHaveLength(nComponents * nFeatures);
    expect(start.weightsInit.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
  });
});

describe('the report', () => {
  const measured: Measurement = {
    shape: grid(false)[3],
    differences: { lowerBound: 2e-8, meansInSigma: 3e-7 },
    millisecondsPerIteration: {
      cpu: [111, 112, 113, 114, 115, 116, 117],
      webgpu: [12, 12, 12, 12, 12, 12, 12],
    },
    firstIterations: {
      cpu: [131, 132, 133, 134, 135, 136, 137],
      webgpu: [977, 22, 23, 24, 25, 26, 27],
    },
    memory: { samplesBytes: 2 ** 20, peakBytes: 3 * 2 ** 20, responsibilitiesBytes: 5 * 2 ** 20 },
  };
  const stampOn = (software: boolean): Stamp => ({
    date: '2026-01-02T03:04:05.000Z',
    commit: 'abc1234',
    adapter: { name: software ? 'google swiftshader' : 'acme gpu', software },
    browser: 'Chromium 1.2',
    node: '20.19.0',
    os: 'Linux',
    processor: 'Acme',
    cores: 2,
  });
  const right = gate(measured);

  test('shows medians, spreads, the ratio, the check and the memory of a right row', () => {
    const markdown = toMarkdown(stampOn(false), [right]);
    expect(markdown).toContain(
      '| 100,000 × 8 | 8 | full | 7 × 2, 7 × 20 | 114 [113–116; 111–117] | 12.0 [12.0–12.0; 12.0–12.0] | 9.5 | 2e-8 | 3e-7 | right |',
    );
    expect(markdown).toContain('| 134 [133–136; 131–137] | 25.0 [23.5–26.5; 22.0–977] | 977 |');
    expect(markdown).toContain('| 3.0 MiB | 1.0 MiB | 2.0 MiB | 5.0 MiB |');
    expect(markdown).toContain('| CPU / WebGPU |');
  });

  test.each([
    { lowerBound: 2e-5, meansInSigma: 0 },
    { lowerBound: 0, meansInSigma: 2e-3 },
    { lowerBound: Number.NaN, meansInSigma: 0 },
  ])('a wrong row has no time to show, in Markdown or in JSON: %o', (differences) => {
    const wrong = gate({ ...measured, differences });
    expect(wrong).toMatchObject({ right: false, times: undefined });
    const text = toMarkdown(stampOn(false), [wrong]);
    expect(text).toContain('| WRONG | WRONG | – |');
    for (const time of ['114', '12.0', '134', '977', '9.5']) {
      expect(text).not.toContain(`| ${time}`);
    }
    expect(JSON.stringify(wrong)).not.toMatch(/\b(114|977)\b/);
  });

  test('claims no speed-up on a software adapter', () => {
    const text = toMarkdown(stampOn(true), [right]);
    expect(text).toContain('| CPU / software WebGPU time ratio |');
    expect(text).toContain('The ratio says nothing about a GPU.');
    expect(text).toContain('google swiftshader, software');
    expect(text).not.toContain('| CPU / WebGPU |');
    for (const markdown of [text, toMarkdown(stampOn(false), [right])]) {
      expect(markdown).not.toMatch(/speed-?up|faster|\d\s?x\b/i);
    }
  });

  test('stands with its stamp', () => {
    const { adapter, ...rest } = stampOn(false);
    const markdown = toMarkdown(stampOn(false), [right]);
    for (const value of [adapter.name, ...Object.values(rest)]) {
      expect(markdown).toContain(String(value));
    }
  });

  test('shows no spread of too few first iterations and says why, and keeps the cold one', () => {
    const shape = { ...measured.shape, firstRepetitions: 1, firstLeftOut: 'it takes too long' };
    const row = gate({
      ...measured,
      shape,
      firstIterations: { ...measured.firstIterations, webgpu: [977] },
    });
    const markdown = toMarkdown(stampOn(true), [row]);
    expect(markdown).toContain('| left out | 977 |');
    expect(markdown).toContain('Left out, 100,000 × 8, K = 8, full: it takes too long.');
  });

  test('names what failed', () => {
    const failure = { shape: measured.shape, message: 'The device ran out of memory.' };
    expect(toMarkdown(stampOn(false), [right], [failure])).toContain(
      'FAILED: 100,000 × 8, K = 8, full: The device ran out of memory.',
    );
  });
});
