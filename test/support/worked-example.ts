import { describe, expect, test } from 'vitest';
import { GaussianMixture } from '../../src/index.ts';
import { loadWorkedExample } from './fixtures.ts';
import { contextOn } from './context.ts';

interface WorkedExample {
  data: { x: number[] };
  trace: {
    t: number;
    loglik: number;
    weights: number[];
    means: number[];
    variances: number[];
    responsibilities_of_component_1: number[];
  }[];
}

/** The example of the mathematics page: five samples, two components, every iteration to the limit. */
export function describeWorkedExample(backend: 'cpu' | 'webgpu', tolerance: number): void {
  describe(`the worked example, on the ${backend} backend, within ${tolerance}`, () => {
    const near = (actual: number, expected: number, what: string): void => {
      const limit = tolerance * Math.max(1, Math.abs(expected));
      expect(
        Math.abs(actual - expected),
        `${what}: ${actual}, not ${expected}`,
      ).toBeLessThanOrEqual(limit);
    };
    const samples = { data: Float64Array.of(-1, 0, 4, 5, 6), nSamples: 5, nFeatures: 1 };
    const options = {
      nComponents: 2,
      weightsInit: [0.5, 0.5],
      meansInit: [6, 7],
      covariancesInit: [1, 4],
      regCovar: 0,
      tol: 0,
    };

    test('the numbers shown in the table', async () => {
      const context = await contextOn(backend);
      const table = [
        [0, -24.512532330086678, 0.5, 6, 7, 1, 2],
        [1, -10.955912420779264, 0.3630370593944437, 5.131728029552676, 1.4710314946241008].concat([
          0.7845779129199177, 2.6395117165487925,
        ]),
        [
          2, -10.746385542402495, 0.43173332290875505, 5.1397897604716185, 1.0223747248968242,
        ].concat([0.7743518410411304, 2.4250330488231313]),
        [5, -9.157718257239761, 0.5842795945557314, 5.023143949040036, -0.32454627719320583].concat(
          [0.8120871909547038, 1.015088054301646],
        ),
        [100, -8.465258966889513, 0.6000000021796017, 4.999999981835703, -0.500000002723079].concat(
          [0.8164966350647528, 0.5],
        ),
      ] as const;
      for (const [maxIter, logLikelihood, weight, mean1, mean2, sigma1, sigma2] of table) {
        const mixture = await GaussianMixture.fit(samples, {
          ...options,
          maxIter: maxIter,
          context,
        });
        near(5 * (await mixture.score(samples, { context })), logLikelihood, `l ${maxIter}`);
        near(mixture.weights[0], weight, `pi_1 ${maxIter}`);
        near(mixture.means[0], mean1, `mu_1 ${maxIter}`);
        near(mixture.means[1], mean2, `mu_2 ${maxIter}`);
        near(Math.sqrt(mixture.covariances[0]), sigma1, `sigma_1 ${maxIter}`);
        near(Math.sqrt(mixture.covariances[1]), sigma2, `sigma_2 ${maxIter}`);
      }
      context.dispose();
    });

    test.each(['full', 'diag', 'spherical'] as const)(
      'every iteration of the 50-digit trace, %s',
      async (covarianceType) => {
        const { trace } = (await loadWorkedExample()) as WorkedExample;
        const context = await contextOn(backend);
        for await (const step of GaussianMixture.fitSteps(samples, {
          ...options,
          covarianceType,
          maxIter: trace.length - 1,
          context,
        })) {
          const expected = trace[step.iteration];
          for (const k of [0, 1]) {
            near(step.mixture.weights[k], expected.weights[k], `pi ${k} at ${step.iteration}`);
            near(step.mixture.means[k], expected.means[k], `mu ${k} at ${step.iteration}`);
            near(
              step.mixture.covariances[k],
              expected.variances[k],
              `var ${k} at ${step.iteration}`,
            );
          }
          if (step.iteration > 0) {
            near(5 * step.lowerBound, trace[step.iteration - 1].loglik, `l at ${step.iteration}`);
          }
          const responsibilities = await step.mixture.predictProba(samples, { context });
          expected.responsibilities_of_component_1.forEach((gamma, n) => {
            // float32 carries them: 6e-8 below 1
            expect(Math.abs(responsibilities[2 * n] - gamma)).toBeLessThanOrEqual(
              Math.max(tolerance, 1e-7),
            );
          });
        }
        context.dispose();
      },
    );

    test('who leans where, and which component ends wider', async () => {
      const context = await contextOn(backend);
      const start = await GaussianMixture.fit(samples, { ...options, maxIter: 0, context });
      expect(Array.from(await start.predict(samples, { context }))).toEqual([1, 1, 1, 0, 0]);
      const limit = await GaussianMixture.fit(samples, { ...options, context });
      expect(limit.covariances[0]).toBeGreaterThan(limit.covariances[1]);
      context.dispose();
    });
  });
}
