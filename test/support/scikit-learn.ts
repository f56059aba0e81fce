import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GaussianMixture, type Context } from '../../src/index.ts';
import type { ScikitLearnAttributes } from '../../src/index.ts';
import { loadInteroperation, loadSamples } from './fixtures.ts';
import { flat, largestDifference, relativeDifference } from './numbers.ts';
import { COVARIANCE_TYPES } from './problems.ts';
import { contextOn } from './context.ts';

/** What scikit-learn said of the samples. */
interface Said {
  score_samples: number[];
  predict: number[];
  bic: number;
}

interface FromPython {
  models: Record<string, Said & { attributes: ScikitLearnAttributes }>;
}

interface FromJavaScript {
  models: Record<string, ScikitLearnAttributes>;
}

interface ScoredInPython {
  models: Record<string, Said>;
}

/** Models that went from scikit-learn to here and the other way: docs/scikit-learn.md, with the files its scripts wrote. */
export function describeScikitLearn(backend: 'cpu' | 'webgpu', tolerance: number): void {
  describe(`models exchanged with scikit-learn, on the ${backend} backend`, () => {
    let context: Context;
    beforeAll(async () => {
      context = await contextOn(backend);
    });
    afterAll(() => context.dispose());

    async function expectSaid(mixture: GaussianMixture, said: Said): Promise<void> {
      const samples = await loadSamples('faithful');
      const scores = await mixture.scoreSamples(samples, { context });
      said.score_samples.forEach((expected, n) => {
        expect(relativeDifference(scores[n], expected)).toBeLessThanOrEqual(tolerance);
      });
      expect(Array.from(await mixture.predict(samples, { context }))).toEqual(said.predict);
      const bic = await mixture.bic(samples, { context });
      expect(relativeDifference(bic, said.bic)).toBeLessThanOrEqual(tolerance);
    }

    test.each(COVARIANCE_TYPES)(
      'a mixture fitted in Python scores here as there, %s',
      async (type) => {
        const { models } = (await loadInteroperation('from-python')) as FromPython;
        const stored = models[type];
        const mixture = GaussianMixture.fromScikitLearn(stored.attributes);
        const {
          converged_: converged,
          n_iter_: nIter,
          lower_bound_: lowerBound,
        } = stored.attributes;
        expect(mixture).toMatchObject({ converged, nIter, lowerBound });
        await expectSaid(mixture, stored);
        await expectSaid(GaussianMixture.fromJSON(stored.attributes), stored);
      },
    );

    test.each(COVARIANCE_TYPES)(
      'a mixture fitted here scores in Python as here, %s',
      async (type) => {
        const fitted = (await loadInteroperation('from-javascript')) as FromJavaScript;
        const scored = (await loadInteroperation('scored-in-python')) as ScoredInPython;
        await expectSaid(GaussianMixture.fromScikitLearn(fitted.models[type]), scored.models[type]);
      },
    );

    test.each(COVARIANCE_TYPES)("precisions_cholesky_ is scikit-learn's own, %s", async (type) => {
      const { models } = (await loadInteroperation('from-python')) as FromPython;
      const { attributes } = models[type];
      const written = GaussianMixture.fromScikitLearn(attributes).toScikitLearn();
      const { precisions_cholesky_: theirs } = attributes;
      const { precisions_cholesky_: ours } = written;
      const expected = flat(theirs!);
      const scale = Math.max(...expected.map(Math.abs));
      const difference = largestDifference(flat(ours!), expected);
      expect(difference).toBeLessThan(1e-9 * scale);
      for (const name of ['weights_', 'means_', 'covariances_'] as const) {
        expect(written[name]).toEqual(attributes[name]);
      }
    });
  });
}
