import { describe, expect, test } from 'vitest';
import { GaussianMixture } from '../../../src/index.ts';
import { hashgen, uniform } from '../hashgen.ts';
import { largestDifference } from '../numbers.ts';
import { COVARIANCE_TYPES } from '../problems.ts';
import { useSide } from './side.ts';

const nSamples = 120;
const nFeatures = 3;
const nComponents = 2;
const { data } = hashgen({
  seed: 9,
  n: nSamples,
  k: 2,
  d: nFeatures,
  kind: 'full',
  sep: 3,
  corr: 0.6,
  smin: 0.5,
  smax: 1.5,
});
const samples = { data, nSamples, nFeatures };
/** Uneven responsibilities that have nothing to do with the data. */
const responsibilities = Float64Array.from({ length: nSamples * nComponents }, (_, i) => {
  const first = uniform(3, 1, Math.floor(i / 2));
  return i % 2 === 0 ? first : 1 - first;
});

/** sum_n r_n (x - m)(x - m)' / sum_n r_n, written as plainly as can be. */
function scatter(weights: ArrayLike<number>, mean?: ArrayLike<number>): number[][] {
  let mass = 0;
  for (let n = 0; n < nSamples; n++) mass += weights[n];
  const centre =
    mean ??
    Array.from({ length: nFeatures }, (_, d) => {
      let sum = 0;
      for (let n = 0; n < nSamples; n++) sum += weights[n] * data[n * nFeatures + d];
      return sum / mass;
    });
  return Array.from({ length: nFeatures }, (_, i) =>
    Array.from({ length: nFeatures }, (__, j) => {
      let sum = 0;
      for (let n = 0; n < nSamples; n++) {
        const x = data[n * nFeatures + i] - centre[i];
        const y = data[n * nFeatures + j] - centre[j];
        sum += weights[n] * x * y;
      }
      return sum / mass;
    }),
  );
}

function responsibilitiesOf(component: number): number[] {
  return Array.from({ length: nSamples }, (_, n) => responsibilities[n * nComponents + component]);
}

/** The pieces of an iteration against formulas that share nothing with them. */
export function describeEstimation(backend: 'cpu' | 'webgpu'): void {
  describe(`the pieces of an iteration, on the ${backend} backend`, () => {
    const side = useSide(backend);
    const mStep = (covarianceType: (typeof COVARIANCE_TYPES)[number], regCovar = 0) =>
      GaussianMixture.fit(samples, {
        nComponents,
        covarianceType,
        responsibilitiesInit: responsibilities,
        regCovar,
        maxIter: 0,
        context: side.context,
      });

    test('one component: mean and covariance of the samples, dividing by N, not N - 1', async () => {
      const ones = new Float64Array(nSamples).fill(1);
      const mixture = await GaussianMixture.fit(samples, {
        nComponents: 1,
        regCovar: 0,
        context: side.context,
      });
      const expected = scatter(ones).flat();
      expect(largestDifference(mixture.covariances, expected)).toBeLessThan(side.near);
      expect(mixture.weights).toEqual(Float64Array.of(1));
      expect(mixture.nIter).toBe(2);
    });

    test('one component and weighted samples: the weighted mean and covariance', async () => {
      const sampleWeights = Float64Array.from(
        { length: nSamples },
        (_, n) => 10 * uniform(4, 1, n),
      );
      const mixture = await GaussianMixture.fit(samples, {
        nComponents: 1,
        regCovar: 0,
        sampleWeights,
        context: side.context,
      });
      const expected = scatter(sampleWeights).flat();
      expect(largestDifference(mixture.covariances, expected)).toBeLessThan(10 * side.near);
    });

    test("full: each component's own weighted covariance, regCovar on its diagonal", async () => {
      for (const regCovar of [0, 0.25]) {
        const { covariances, means, weights } = await mStep('full', regCovar);
        for (let k = 0; k < nComponents; k++) {
          const own = responsibilitiesOf(k);
          const expected = scatter(own).map((row, i) =>
            row.map((value, j) => (i === j ? value + regCovar : value)),
          );
          const actual = covariances.slice(k * 9, k * 9 + 9);
          expect(largestDifference(actual, expected.flat())).toBeLessThan(1e-10);
          const mass = own.reduce((sum, r) => sum + r, 0);
          expect(weights[k]).toBeCloseTo(mass / nSamples, 12);
          const first = own.reduce((sum, r, n) => sum + r * data[n * nFeatures], 0) / mass;
          expect(means[k * nFeatures]).toBeCloseTo(first, 10);
        }
      }
    });

    test('tied is the mean of full, diag its diagonal, spherical the mean of that', async () => {
      const full = await mStep('full');
      const tied = await mStep('tied');
      const diag = await mStep('diag');
      const spherical = await mStep('spherical');
      const pooled = tied.covariances.map((_, i) =>
        Array.from(full.weights).reduce((sum, w, k) => sum + w * full.covariances[9 * k + i], 0),
      );
      expect(largestDifference(tied.covariances, pooled)).toBeLessThan(1e-10);
      const diagonals = diag.covariances.map((_, i) => {
        const k = Math.floor(i / 3);
        return full.covariances[9 * k + 4 * (i % 3)];
      });
      expect(largestDifference(diag.covariances, diagonals)).toBeLessThan(1e-10);
      const means = spherical.covariances.map(
        (_, k) => (diagonals[3 * k] + diagonals[3 * k + 1] + diagonals[3 * k + 2]) / 3,
      );
      expect(largestDifference(spherical.covariances, means)).toBeLessThan(1e-10);
    });

    test.each(COVARIANCE_TYPES)(
      'precisions are inverses, and their Cholesky factors give them and the determinant, %s',
      async (covarianceType) => {
        const mixture = await mStep(covarianceType, 1e-3);
        const {
          covariances_: allCovariances,
          precisions_: allPrecisions,
          precisions_cholesky_: allFactors,
        } = mixture.toScikitLearn();
        const matrices = (values: unknown): number[][][] => {
          if (covarianceType === 'full') return values as number[][][];
          if (covarianceType === 'tied') return [values as number[][]];
          const rows = values as number[] | number[][];
          return rows.map((row) => {
            const diagonal = Array.isArray(row) ? row : new Array<number>(nFeatures).fill(row);
            return diagonal.map((value, i) => diagonal.map((__, j) => (i === j ? value : 0)));
          });
        };
        const covariances = matrices(allCovariances);
        const precisions = matrices(allPrecisions);
        const factors = matrices(allFactors);
        covariances.forEach((covariance, k) => {
          for (let i = 0; i < nFeatures; i++) {
            for (let j = 0; j < nFeatures; j++) {
              let identity = 0;
              let precision = 0;
              for (let m = 0; m < nFeatures; m++) {
                identity += covariance[i][m] * precisions[k][m][j];
                precision += factors[k][i][m] * factors[k][j][m];
              }
              expect(identity).toBeCloseTo(i === j ? 1 : 0, 10);
              expect(precision).toBeCloseTo(precisions[k][i][j], 10);
              expect(i <= j || factors[k][i][j] === 0).toBe(true);
            }
          }
          const [a, b, c] = covariance as [number[], number[], number[]];
          const determinant =
            a[0] * (b[1] * c[2] - b[2] * c[1]) -
            a[1] * (b[0] * c[2] - b[2] * c[0]) +
            a[2] * (b[0] * c[1] - b[1] * c[0]);
          const logDiagonal = factors[k].reduce((sum, row, i) => sum + Math.log(row[i]), 0);
          expect(logDiagonal).toBeCloseTo(-0.5 * Math.log(determinant), 10);
        });
      },
    );

    test('log-densities of diagonal covariances are sums of one-dimensional ones, any type', async () => {
      const variance = {
        full: [0.5, 1, 2],
        tied: [0.5, 1, 2],
        diag: [0.5, 1, 2],
        spherical: [1.3],
      };
      const meansInit = [
        [0, 1, -1],
        [2, 0, 1],
      ];
      for (const covarianceType of COVARIANCE_TYPES) {
        const v = variance[covarianceType];
        const matrix = v.map((value, i) => v.map((__, j) => (i === j ? value : 0)));
        const covariancesInit = {
          full: [matrix, matrix],
          tied: matrix,
          diag: [v, v],
          spherical: [v[0], v[0]],
        }[covarianceType];
        const mixture = await GaussianMixture.fit(samples, {
          nComponents,
          covarianceType,
          weightsInit: [0.3, 0.7],
          meansInit,
          covariancesInit,
          maxIter: 0,
          context: side.context,
        });
        const scores = await mixture.scoreSamples(samples, { context: side.context });
        for (let n = 0; n < nSamples; n++) {
          let density = 0;
          for (let k = 0; k < nComponents; k++) {
            let product = [0.3, 0.7][k];
            for (let d = 0; d < nFeatures; d++) {
              const s2 = v[covarianceType === 'spherical' ? 0 : d];
              const x = data[n * nFeatures + d] - meansInit[k][d];
              product *= Math.exp((-x * x) / (2 * s2)) / Math.sqrt(2 * Math.PI * s2);
            }
            density += product;
          }
          const difference = Math.abs(scores[n] - Math.log(density));
          expect(difference).toBeLessThan(side.near * Math.max(1, Math.abs(scores[n])));
        }
      }
    });

    test('precisionsInit are precisions: the inverse as covariancesInit gives the same fit', async () => {
      const start = await mStep('full', 1e-6);
      const { precisions_: precisionsInit } = start.toScikitLearn();
      const given = {
        nComponents,
        weightsInit: start.weights,
        meansInit: start.means,
        maxIter: 5,
        tol: 0,
        context: side.context,
      };
      const byPrecisions = await GaussianMixture.fit(samples, {
        ...given,
        precisionsInit: precisionsInit as number[][][],
      });
      const byCovariances = await GaussianMixture.fit(samples, {
        ...given,
        covariancesInit: start.covariances,
      });
      const difference = largestDifference(byPrecisions.lowerBounds, byCovariances.lowerBounds);
      expect(difference).toBeLessThan(side.near);
      const continued = await GaussianMixture.fit(samples, {
        nComponents,
        responsibilitiesInit: responsibilities,
        maxIter: 5,
        tol: 0,
        context: side.context,
      });
      const same = largestDifference(continued.lowerBounds, byCovariances.lowerBounds);
      expect(same).toBeLessThan(side.near);
    });
  });
}
