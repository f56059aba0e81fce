import { describe, expect, test } from 'vitest';
import { GaussianMixture, type PartialFitOptions } from '../../../src/index.ts';
import { expectRefusal, rejection, threeClusters, useSide } from './side.ts';

const { samples } = threeClusters();

/** What `partialFit`, and a saved stream, do not take. */
export function describeStreamRefusals(backend: 'cpu' | 'webgpu'): void {
  describe(`a stream, on the ${backend} backend,`, () => {
    const side = useSide(backend);
    const scope = () => ({ context: side.context });

    test('refuses steps outside (0, 1], schedules that do not settle, and what else is wrong', async () => {
      const mixture = await GaussianMixture.fit(samples, {
        nComponents: 2,
        covarianceType: 'diag',
        ...scope(),
      });
      const refused: [PartialFitOptions, RegExp][] = [
        [{ stepSize: 0 }, /stepSize must be above 0 and at most 1, but is 0/],
        [{ stepSize: 1.5 }, /stepSize must be above 0 and at most 1, but is 1.5/],
        [
          { stepSize: { alpha: 0.5 } },
          /stepSize.alpha must be above 0.5 and at most 1, but is 0.5/,
        ],
        [{ stepSize: { alpha: 1.1 } }, /but is 1.1/],
        [{ stepSize: { offset: 0 } }, /stepSize.offset must be at least 1, but is 0/],
        [{ stepSize: { beta: 1 } as never }, /no option stepSize.beta/],
        [{ stepSize: 'slow' as never }, /stepSize must be a number or/],
        [{ regCovar: -1 }, /regCovar/],
        [{ step: 1 } as never, /There is no option step here/],
        [{ prior: { kapa: 1 } }, /kapa/],
      ];
      for (const [options, message] of refused) {
        const promise = Promise.resolve().then(() => mixture.partialFit(samples, options));
        await expectRefusal(promise, 'INVALID_OPTION', message);
      }
      await expectRefusal(mixture.partialFit([[1]]), 'FEATURE_MISMATCH', /1 features/);
      await expectRefusal(mixture.partialFit([[1, Infinity]]), 'NON_FINITE', /column 1/);
      await expectRefusal(
        mixture.partialFit(samples, { sampleWeights: [1] }),
        'INVALID_SAMPLES',
        /1 sample weights for 300 samples/,
      );
      const controller = new AbortController();
      controller.abort(new Error('enough'));
      const { signal } = controller;
      const promise = Promise.resolve().then(() => mixture.partialFit(samples, { signal }));
      expect(await rejection(promise)).toEqual(new Error('enough'));
      expect(side.context.liveBuffers).toBe(0);
    });

    test('refuses saved running statistics that are none', async () => {
      const mixture = await GaussianMixture.fit(samples, {
        nComponents: 2,
        covarianceType: 'diag',
        ...scope(),
      });
      const saved = (await mixture.partialFit(samples)).toJSON();
      const running = saved.running!;
      for (const [broken, message] of [
        [{ ...running, sums: running.sums.slice(1) }, /running.sums should have the shape \(8\)/],
        [{ ...running, componentMass: [-1, 2] }, /negative/],
        [{ ...running, origin: [] }, /running.origin/],
      ] as const) {
        const promise = Promise.resolve().then(() =>
          GaussianMixture.fromJSON({ ...saved, running: broken }),
        );
        await expectRefusal(promise, 'INVALID_MODEL', message);
      }
    });
  });
}
