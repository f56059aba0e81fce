import { cholesky, gram, invertLower, packedLength } from './cholesky.ts';
import { collapsed, varianceFloors } from './collapse.ts';
import { gaussianCommon, type GaussianFamily } from './gaussian-common.ts';
import { triangularTwin } from './gaussian-full-device.ts';
import type { GaussianParameters } from './gaussian.ts';
import { logConstants } from './log-constants.ts';
import { newMeans } from './gaussian-means.ts';
import {
  gaussianPrior,
  findGaussianColumns,
  readGaussianPrior,
  standardScale,
} from './gaussian-prior.ts';
import { triangularLogPrior } from './gaussian-full-prior.ts';
import { addRidge, addScatter, checkMode, wholeMasses } from './gaussian-scatter.ts';
import { triangularMoments } from './gaussian-moments.ts';
import { isEmpty, MASS_FLOOR, massTimes, weightsFromMass, zeroStatistics } from './statistics.ts';
import type { Standardisation } from '../data/standardisation.ts';

/**
 * Gaussian with a covariance of its own for each component.
 * ln N(x | m, S) = -D/2 ln 2 pi - ln |C| - |W (x - m)|^2 / 2 with S = C C' and W the inverse of C (mixtures.md).
 * M-step: S_k = (1/N_k) sum s gamma (x - m_k)(x - m_k)' + regCovar I; under mclust's prior (scale + B_k) / (dof + N_k + D + 2) +
 * regCovar I, B_k = Sc_k + kappa N_k / (kappa + N_k) (xbar_k - mean)(xbar_k - mean)'.
 * Whitening: W packed by rows. Sums of a component: first moment (D), second moment (lower triangle packed by rows).
 */
export const gaussianFull: GaussianFamily = {
  ...gaussianCommon,
  name: 'gaussian-full',
  missing: 'conditional',
  covarianceShape: (nComponents, nFeatures) => [nComponents, nFeatures, nFeatures],
  covarianceParameters: (nComponents, nFeatures) => nComponents * packedLength(nFeatures),
  leastSamples: (nFeatures) => nFeatures + 1,
  statisticsLength: (nFeatures) => nFeatures + packedLength(nFeatures),

  standardise: (parameters, standardisation) => rescale(parameters, standardisation, false),
  restore: (parameters, standardisation) => rescale(parameters, standardisation, true),
  invert(covariances, _nComponents, nFeatures) {
    const inverse = new Float64Array(covariances.length);
    forEachMatrix(covariances, nFeatures, (k, at) => {
      inverse.set(
        gram(invertLower(factor(covariances, at, nFeatures, k), nFeatures), nFeatures),
        at,
      );
    });
    return inverse;
  },
  precisionsCholesky(covariances, _nComponents, nFeatures) {
    const upper = new Float64Array(covariances.length);
    forEachMatrix(covariances, nFeatures, (k, at) => {
      const w = invertLower(factor(covariances, at, nFeatures, k), nFeatures);
      for (let i = 0; i < nFeatures; i++) {
        for (let j = 0; j <= i; j++) upper[at + j * nFeatures + i] = w[packedLength(i) + j]!;
      }
    });
    return upper;
  },

  density(parameters, standardisation) {
    const { weights, means, covariances } = parameters;
    const nComponents = weights.length;
    const nFeatures = means.length / nComponents;
    const stride = packedLength(nFeatures);
    const whitening = new Float64Array((covariances.length / (nFeatures * nFeatures)) * stride);
    const logDeterminants = new Float64Array(nComponents);
    const floors = varianceFloors(nFeatures, standardisation);
    const shared = whitening.length === stride && nComponents > 1;
    forEachMatrix(covariances, nFeatures, (k, at) => {
      const c = cholesky(covariances, at, nFeatures, floors);
      if (!(c instanceof Float64Array)) {
        throw collapsed(k, c.pivot, c.row, shared ? 'all components together' : undefined);
      }
      whitening.set(invertLower(c, nFeatures), k * stride);
      for (let i = 0; i < nFeatures; i++) logDeterminants[k] -= Math.log(c[packedLength(i) + i]);
    });
    if (shared) logDeterminants.fill(logDeterminants[0]);
    return {
      nComponents,
      nFeatures,
      logConstants: logConstants(weights, logDeterminants, nFeatures, standardisation),
      means,
      whitening,
      whiteningStride: shared ? 0 : stride,
    };
  },

  logDensity(density, component, sample, residual) {
    const { nFeatures, means, whitening } = density;
    const mean = component * nFeatures;
    let at = component * density.whiteningStride;
    let square = 0;
    for (let i = 0; i < nFeatures; i++) {
      residual[i] = sample[i] - means[mean + i];
      let y = 0;
      for (let j = 0; j <= i; j++) y += whitening[at++] * residual[j];
      square += y * y;
    }
    return density.logConstants[component] - 0.5 * square;
  },

  /**
   * A missing entry counts as one spread about the component's mean as the column is (variance 1): so a start from a given
   * partition has a spread for it. E-steps (em/reference-missing.ts) give the conditional mean instead.
   */
  accumulate({ nFeatures, means }, component, weight, sample, residual, sums) {
    let at = component * (nFeatures + packedLength(nFeatures));
    let second = at + nFeatures;
    for (let i = 0; i < nFeatures; i++) {
      const difference = sample[i] - means[component * nFeatures + i];
      const seen = difference === difference;
      residual[i] = seen ? difference : 0;
      const weighted = weight * residual[i];
      sums[at++] += weighted;
      for (let j = 0; j <= i; j++) sums[second++] += weighted * residual[j];
      if (!seen) sums[second - 1] += weight;
    }
  },

  ...triangularMoments,
  expectedStatistics({ nComponents, nFeatures }, { weights, means, covariances }, mass) {
    const length = nFeatures + packedLength(nFeatures);
    const statistics = zeroStatistics(nComponents, length, means);
    for (let k = 0; k < nComponents; k++) {
      const matrix = (k * nFeatures * nFeatures) % covariances.length;
      let second = k * length + nFeatures;
      statistics.componentMass[k] = mass * weights[k];
      for (let i = 0; i < nFeatures; i++) {
        for (let j = 0; j <= i; j++) {
          statistics.sums[second++] = mass * weights[k] * covariances[matrix + i * nFeatures + j];
        }
      }
    }
    return statistics;
  },
  /** -|W (x - m)|^2 / 2 summed over samples is -tr(W S W') / 2. */
  expectedLogDensity(density, statistics) {
    const { nComponents, nFeatures, means, whitening, whiteningStride } = density;
    const { componentMass, sums } = triangularMoments.recentre(statistics, means);
    let total = 0;
    for (let k = 0; k < nComponents; k++) {
      total += massTimes(componentMass[k], density.logConstants[k]);
      const second = (k * sums.length) / nComponents + nFeatures;
      for (let row = 0; row < nFeatures; row++) {
        const at = k * whiteningStride + packedLength(row);
        for (let i = 0; i <= row; i++) {
          let sum = whitening[at + i] * sums[second + packedLength(i) + i];
          for (let j = 0; j < i; j++) {
            sum += 2 * whitening[at + j] * sums[second + packedLength(i) + j];
          }
          total -= 0.5 * whitening[at + i] * sum;
        }
      }
    }
    return total;
  },

  mStep(given, previous, options) {
    const statistics = wholeMasses(given);
    const { nComponents, componentMass } = statistics;
    const { standardisation } = options;
    const nFeatures = standardisation.means.length;
    const prior = gaussianPrior(options.prior);
    const scale = prior && standardScale(prior, standardisation);
    const moves = newMeans(statistics, options);
    const covariances = new Float64Array(nComponents * nFeatures * nFeatures);
    for (let k = 0; k < nComponents; k++) {
      const at = k * nFeatures * nFeatures;
      if (!prior && isEmpty(componentMass[k])) {
        // no sample says anything about this component: it keeps its shape and gets weight 0
        covariances.set(previous.covariances.subarray(at, at + nFeatures * nFeatures), at);
        continue;
      }
      const divisor = componentMass[k] + (prior ? prior.dof + nFeatures + 2 : MASS_FLOOR);
      if (scale)
        covariances.set(
          scale.map((value) => value / divisor),
          at,
        );
      addScatter(statistics, k, moves, prior?.kappa ?? 0, 1 / divisor, covariances, at);
      const unseen = (d: number): boolean => given.observed?.[k * nFeatures + d] === 0;
      addRidge(covariances, at, options.regCovar, unseen);
      if (prior) checkMode(covariances, at, nFeatures, k);
    }
    return { weights: weightsFromMass(componentMass), means: moves.means, covariances };
  },
  readPrior: readGaussianPrior('matrix'),
  findPriorColumns: findGaussianColumns('matrix'),
  logPrior: triangularLogPrior(false),

  narrow(means, nComponents, nFeatures, standardDeviation) {
    const covariances = new Float64Array(nComponents * nFeatures * nFeatures);
    forEachMatrix(covariances, nFeatures, (_, at) => {
      for (let d = 0; d < nFeatures; d++)
        covariances[at + d * nFeatures + d] = standardDeviation ** 2;
    });
    return { weights: new Float64Array(nComponents).fill(1 / nComponents), means, covariances };
  },

  threads: 'triangular',
  device: triangularTwin,

  prepareDraws({ covariances }, nFeatures) {
    const stride = packedLength(nFeatures);
    const factors = new Float64Array((covariances.length / (nFeatures * nFeatures)) * stride);
    forEachMatrix(covariances, nFeatures, (k, at) =>
      factors.set(factor(covariances, at, nFeatures, k), k * stride),
    );
    return factors;
  },
  draw({ means, weights }, factors, component, random, out, offset) {
    const nFeatures = means.length / weights.length;
    const stride = factors.length === packedLength(nFeatures) ? 0 : packedLength(nFeatures);
    const normals = Float64Array.from({ length: nFeatures }, () => random.normal());
    let at = component * stride;
    for (let i = 0; i < nFeatures; i++) {
      let value = means[component * nFeatures + i];
      for (let j = 0; j <= i; j++) value += factors[at++] * normals[j];
      out[offset + i] = value;
    }
  },
};

function forEachMatrix(
  matrices: Float64Array,
  n: number,
  visit: (index: number, offset: number) => void,
): void {
  for (let k = 0; k * n * n < matrices.length; k++) visit(k, k * n * n);
}

function factor(
  covariances: Float64Array,
  at: number,
  nFeatures: number,
  component: number,
): Float64Array {
  const c = cholesky(covariances, at, nFeatures, new Float64Array(nFeatures));
  if (!(c instanceof Float64Array)) throw collapsed(component, c.pivot, c.row);
  return c;
}

function rescale(
  parameters: GaussianParameters,
  { means: centre, scales }: Standardisation,
  restore: boolean,
): GaussianParameters {
  const nFeatures = scales.length;
  return {
    weights: parameters.weights.slice(),
    means: parameters.means.map((value, i) => {
      const d = i % nFeatures;
      return restore ? centre[d] + scales[d] * value : (value - centre[d]) / scales[d];
    }),
    covariances: rescaleMatrices(parameters.covariances, scales, restore),
  };
}

function rescaleMatrices(
  matrices: Float64Array,
  scales: Float64Array,
  restore: boolean,
): Float64Array {
  const n = scales.length;
  const out = new Float64Array(matrices.length);
  for (let i = 0, row = 0; i < out.length; row = (row + 1) % n) {
    const own = scales[row];
    for (let column = 0; column < n; column++, i++) {
      // one factor at a time: the product of two scales may overflow where the result does not
      out[i] = restore ? matrices[i] * own * scales[column] : matrices[i] / own / scales[column];
    }
  }
  return out;
}
