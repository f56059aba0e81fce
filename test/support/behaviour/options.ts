import { describe, expect, test } from 'vitest';
import { GaussianMixture } from '../../../src/index.ts';
import { expectRefusal, threeClusters, useSide } from './side.ts';

const { samples } = threeClusters();

/** Options that are refused, and how. */
export function describeOptions(backend: 'cpu' | 'webgpu'): void {
  describe(`options of a fit, on the ${backend} backend`, () => {
    const side = useSide(backend);
    const fit = (options: object) =>
      GaussianMixture.fit(samples, {
        nComponents: 2,
        context: side.context,
        ...options,
      });

    test.each([
      ['nComponents', 0],
      ['nComponents', 1.5],
      ['nComponents', Number.NaN],
      ['nComponents', undefined],
      ['tol', -1e-3],
      ['tol', Infinity],
      ['regCovar', -1e-6],
      ['maxIter', -1],
      ['maxIter', 2.5],
      ['nInit', 0],
      ['seed', Number.NaN],
      ['covarianceType', 'banana'],
      ['initParams', 'banana'],
    ])('%s %s is refused by name and value', async (option, value) => {
      const refusal = await expectRefusal(
        fit({ [option]: value }),
        'INVALID_OPTION',
        new RegExp(option),
      );
      expect(refusal.message).toContain(String(value));
    });

    test("an unknown option is refused; scikit-learn's spelling is told the one used here", async () => {
      await expectRefusal(fit({ colour: 1 }), 'INVALID_OPTION', /colour/);
      const refusal = await expectRefusal(fit({ max_iter: 3 }), 'INVALID_OPTION', /max_iter/);
      expect(refusal.hint).toMatch(/maxIter/);
    });

    test('weightsInit: shape, range and sum', async () => {
      await expectRefusal(fit({ weightsInit: [1] }), 'INVALID_OPTION', /weightsInit.*\(2\)/);
      const range = fit({ weightsInit: [1.5, -0.5] });
      await expectRefusal(range, 'INVALID_OPTION', /weightsInit.*-0\.5.*1\.5/);
      const sum = fit({ weightsInit: [0.5, 0.4] });
      await expectRefusal(sum, 'INVALID_OPTION', /weightsInit.*sums? to.*0\.9/);
    });

    test('meansInit: shape and finite numbers', async () => {
      await expectRefusal(fit({ meansInit: [[1, 2]] }), 'INVALID_OPTION', /meansInit.*2, 2/);
      const ragged = fit({ meansInit: [[1, 2], [3]] });
      await expectRefusal(ragged, 'INVALID_OPTION', /meansInit.*2, 2/);
      const infinite = fit({ meansInit: [1, 2, 3, Infinity] });
      await expectRefusal(infinite, 'INVALID_OPTION', /meansInit.*Infinity/);
    });

    const identity = [
      [1, 0],
      [0, 1],
    ];
    const shapes = {
      full: { good: [identity, identity], bad: identity, shape: '2, 2, 2' },
      tied: { good: identity, bad: [identity, identity], shape: '2, 2' },
      diag: {
        good: [
          [1, 2],
          [3, 4],
        ],
        bad: [1, 2, 3],
        shape: '2, 2',
      },
      spherical: { good: [1, 2], bad: [1, 2, 3], shape: '2' },
    } as const;

    test.each(['full', 'tied', 'diag', 'spherical'] as const)(
      'precisionsInit and covariancesInit of type %s: shape, symmetry, positive definite',
      async (covarianceType) => {
        const { good, bad, shape } = shapes[covarianceType];
        for (const name of ['precisionsInit', 'covariancesInit']) {
          const wrong = fit({ covarianceType, [name]: bad });
          await expectRefusal(wrong, 'INVALID_OPTION', new RegExp(`${name}.*\\(${shape}\\)`));
          const negative = JSON.parse(JSON.stringify(good).replaceAll('1', '-1')) as unknown;
          const refused = fit({ covarianceType, [name]: negative });
          await expectRefusal(
            refused,
            'INVALID_OPTION',
            new RegExp(`${name}.*'${covarianceType}'`),
          );
          const before = JSON.stringify(good);
          await fit({ covarianceType, [name]: good, maxIter: 1 });
          expect(JSON.stringify(good)).toBe(before);
        }
        if (covarianceType === 'full' || covarianceType === 'tied') {
          const lopsided = [
            [2, 1],
            [0, 2],
          ];
          const value = covarianceType === 'full' ? [lopsided, lopsided] : lopsided;
          const refused = fit({ covarianceType, precisionsInit: value });
          await expectRefusal(refused, 'INVALID_OPTION', /precisionsInit.*symmetric/);
        }
        const both = fit({ covarianceType, precisionsInit: good, covariancesInit: good });
        await expectRefusal(both, 'INVALID_OPTION', /both/i);
      },
    );

    test('labelsInit and responsibilitiesInit: length, range and sums', async () => {
      const labels = new Int32Array(300);
      await expectRefusal(fit({ labelsInit: labels.slice(1) }), 'INVALID_OPTION', /299.*300/);
      const outside = fit({ labelsInit: labels.with(8, 2) });
      await expectRefusal(outside, 'INVALID_OPTION', /labelsInit.*8.*2/, { sample: 8, label: 2 });
      const halves = new Float64Array(600).fill(0.5);
      const short = fit({ responsibilitiesInit: halves.slice(1) });
      await expectRefusal(short, 'INVALID_OPTION', /responsibilitiesInit.*300, 2/);
      const heavy = fit({ responsibilitiesInit: halves.with(7, 0.7) });
      await expectRefusal(heavy, 'INVALID_OPTION', /sample 3.*1\.2/, { sample: 3 });
      const negative = fit({ responsibilitiesInit: halves.with(6, -0.5).with(7, 1.5) });
      await expectRefusal(negative, 'INVALID_OPTION', /responsibilitiesInit.*-0\.5/, { sample: 3 });
    });

    test('warmStart of another shape is refused', async () => {
      const warmStart = await fit({ nComponents: 3 });
      await expectRefusal(fit({ warmStart }), 'INVALID_OPTION', /warmStart.*3.*2/);
      const other = fit({ nComponents: 3, covarianceType: 'tied', warmStart });
      await expectRefusal(other, 'INVALID_OPTION', /warmStart.*tied/);
    });

    test('a refused fit leaves nothing on the device', async () => {
      const before = side.context.liveBuffers;
      await expectRefusal(fit({ meansInit: [[1, 2]] }), 'INVALID_OPTION', /meansInit/);
      expect(side.context.liveBuffers).toBe(before);
    });
  });
}
