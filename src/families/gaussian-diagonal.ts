import { collapsed, varianceFloors } from './collapse.ts';
import type { GaussianDensity, GaussianParameters } from './gaussian.ts';
import { gaussianCommon, type GaussianFamily } from './gaussian-common.ts';
import { diagonalTwin } from './gaussian-diag-device.ts';
import { diagonalColumns } from './gaussian-diagonal-columns.ts';
import { diagonalLogPrior, pooledVariances, type Pool } from './gaussian-diagonal-variances.ts';
import { newMeans } from './gaussian-means.ts';
import { findGaussianColumns, readGaussianPrior } from './gaussian-prior.ts';
import { logConstants } from './log-constants.ts';
import { diagonalMoments } from './gaussian-moments.ts';
import { massTimes, weightsFromMass, zeroStatistics } from './statistics.ts';

/**
 * A Gaussian family with independent features. The four differ in which variances are one (`Pool`) and in nothing else.
 * In standardised units `covariances` are variances, a row of D for each component, or one row that all share: columns are
 * scaled apart, so one variance in the user's units is D different ones there.
 * Whitening: 1 / standard deviation, likewise. Sums of a component: first moment (D), second moment per feature (D).
 */
export function diagonalFamily(name: string, pool: Pool): GaussianFamily {
  const rows = (nComponents: number): number => (pool.components ? 1 : nComponents);
  const columns = (nFeatures: number): number => (pool.features ? 1 : nFeatures);
  /** Variances in the user's units and shape as rows of D. */
  const spread = (covariances: Float64Array, nFeatures: number): Float64Array => {
    if (!pool.features) return covariances;
    const length = covariances.length * nFeatures;
    return Float64Array.from({ length }, (_, i) => covariances[Math.floor(i / nFeatures)]);
  };
  return {
    ...gaussianCommon,
    name,
    missing: 'observed',
    covarianceShape(nComponents, nFeatures) {
      const shape = pool.components ? [] : [nComponents];
      if (!pool.features) shape.push(nFeatures);
      return shape.length > 0 ? shape : [1];
    },
    covarianceParameters: (nComponents, nFeatures) => rows(nComponents) * columns(nFeatures),
    statisticsLength: (nFeatures) => 2 * nFeatures,

    standardise: ({ weights, means, covariances }, { means: centre, scales }) => ({
      weights: weights.slice(),
      means: means.map(
        (value, i) => (value - centre[i % centre.length]) / scales[i % centre.length],
      ),
      covariances: spread(covariances, scales.length).map(
        (v, i) => v / scales[i % scales.length] / scales[i % scales.length],
      ),
    }),
    restore({ weights, means, covariances }, { means: centre, scales }) {
      const nFeatures = scales.length;
      const restored = covariances.map((v, i) => v * scales[i % nFeatures] * scales[i % nFeatures]);
      return {
        weights: weights.slice(),
        means: means.map((value, i) => centre[i % nFeatures] + scales[i % nFeatures] * value),
        // the features of a row agree but for rounding
        covariances: pool.features ? restored.filter((_, i) => i % nFeatures === 0) : restored,
      };
    },
    invert: (covariances, nComponents) => {
      checkPositive(covariances, rows(nComponents));
      return covariances.map((variance) => 1 / variance);
    },
    precisionsCholesky: (covariances, nComponents) => {
      checkPositive(covariances, rows(nComponents));
      return covariances.map((variance) => 1 / Math.sqrt(variance));
    },

    density: diagonalDensity,
    logDensity: diagonalLogDensity,
    accumulate({ nFeatures, means }, component, weight, sample, _residual, sums) {
      const at = component * 2 * nFeatures;
      for (let d = 0, i = component * nFeatures; d < nFeatures; d++, i++) {
        const difference = sample[d] - means[i];
        if (difference !== difference) continue;
        const weighted = weight * difference;
        sums[at + d] += weighted;
        sums[at + nFeatures + d] += weighted * difference;
      }
    },

    ...diagonalMoments,
    expectedStatistics({ nComponents, nFeatures }, { weights, means, covariances }, mass) {
      const statistics = zeroStatistics(nComponents, 2 * nFeatures, means);
      for (let k = 0; k < nComponents; k++) {
        statistics.componentMass[k] = mass * weights[k];
        for (let d = 0; d < nFeatures; d++) {
          const variance = covariances[(k * nFeatures + d) % covariances.length];
          statistics.sums[(2 * k + 1) * nFeatures + d] = mass * weights[k] * variance;
        }
      }
      return statistics;
    },
    expectedLogDensity(density, statistics) {
      const { nComponents, nFeatures, means, whitening, whiteningStride, featureConstants } =
        density;
      const { componentMass, observed, sums } = diagonalMoments.recentre(statistics, means);
      let total = 0;
      for (let k = 0; k < nComponents; k++) {
        total += massTimes(componentMass[k], density.logConstants[k]);
        for (let d = 0; d < nFeatures; d++) {
          const i = k * whiteningStride + d;
          const unseen = observed ? componentMass[k] - observed[k * nFeatures + d] : 0;
          total -= 0.5 * whitening[i] * whitening[i] * sums[(2 * k + 1) * nFeatures + d];
          total -= unseen * featureConstants![i];
        }
      }
      return total;
    },

    mStep(statistics, previous, options) {
      const moves = newMeans(statistics, options);
      return {
        weights: weightsFromMass(statistics.componentMass),
        means: moves.means,
        covariances: pooledVariances(statistics, moves, previous.covariances, options, pool),
      };
    },
    readPrior: readGaussianPrior('variance'),
    findPriorColumns: findGaussianColumns('variance'),
    logPrior: diagonalLogPrior(pool),

    narrow: (means, nComponents, nFeatures, standardDeviation) => ({
      weights: new Float64Array(nComponents).fill(1 / nComponents),
      means,
      covariances: new Float64Array(rows(nComponents) * nFeatures).fill(standardDeviation ** 2),
    }),

    columns: diagonalColumns,
    threads: 'diagonal',
    device: (nFeatures, missing) => diagonalTwin(nFeatures, missing, pool.features),

    prepareDraws({ covariances, weights }, nFeatures) {
      checkPositive(covariances, rows(weights.length));
      return spread(covariances, nFeatures).map((variance) => Math.sqrt(variance));
    },
    draw({ means, weights }, factors, component, random, out, offset) {
      const nFeatures = means.length / weights.length;
      const row = factors.length === nFeatures ? 0 : component * nFeatures;
      for (let d = 0; d < nFeatures; d++) {
        out[offset + d] = means[component * nFeatures + d] + factors[row + d] * random.normal();
      }
    },
  };
}

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

function diagonalDensity(
  { weights, means, covariances }: GaussianParameters,
  standardisation: Parameters<GaussianFamily['density']>[1],
): GaussianDensity {
  const nComponents = weights.length;
  const nFeatures = means.length / nComponents;
  const floors = varianceFloors(nFeatures, standardisation);
  const logScales = standardisation.scales.map(Math.log);
  const logDeterminants = new Float64Array(nComponents);
  const shared = covariances.length === nFeatures && nComponents > 1;
  const featureConstants = new Float64Array(covariances.length);
  const whitening = covariances.map((variance, i) => {
    const row = Math.floor(i / nFeatures);
    const d = i % nFeatures;
    if (!(variance > floors[d] && variance < Infinity)) {
      throw collapsed(row, variance, d, shared ? 'all components together' : undefined);
    }
    const logWhitening = -0.5 * Math.log(variance);
    logDeterminants[row] += logWhitening;
    featureConstants[i] = logWhitening - HALF_LOG_TWO_PI - logScales[d];
    return 1 / Math.sqrt(variance);
  });
  if (shared) logDeterminants.fill(logDeterminants[0]);
  return {
    nComponents,
    nFeatures,
    logConstants: logConstants(weights, logDeterminants, nFeatures, standardisation),
    means,
    whitening,
    whiteningStride: shared ? 0 : nFeatures,
    featureConstants,
  };
}

function diagonalLogDensity(
  density: GaussianDensity,
  component: number,
  sample: Float64Array,
  residual: Float64Array,
): number {
  const { nFeatures, means, whitening, whiteningStride, featureConstants } = density;
  const mean = component * nFeatures;
  const row = component * whiteningStride;
  let square = 0;
  let unseen = 0;
  for (let d = 0; d < nFeatures; d++) {
    const difference = sample[d] - means[mean + d];
    residual[d] = difference;
    const y = difference * whitening[row + d];
    // a missing entry (NaN): its share of the constant goes too
    if (y === y) square += y * y;
    else unseen += featureConstants![row + d];
  }
  return density.logConstants[component] - unseen - 0.5 * square;
}

function checkPositive(covariances: Float64Array, rows: number): void {
  const perRow = covariances.length / rows;
  covariances.forEach((variance, i) => {
    if (!(variance > 0 && variance < Infinity)) {
      throw collapsed(Math.floor(i / perRow), variance, i % perRow);
    }
  });
}
