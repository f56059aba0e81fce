import type { Standardisation } from '../data/standardisation.ts';
import shader from '../../shaders/families/gaussian-diag.wgsl?raw';
import { collapsed, varianceFloors } from './collapse.ts';
import {
  blocksOf,
  LOST_SPREAD,
  packComponents,
  roundingCorrection,
  SPREAD_FLOOR,
} from './device-layout.ts';
import type { Density, Family, PackedDensity, Ridge, UnpackedStatistics } from './family.ts';
import { logConstants } from './log-constants.ts';
import { roundWhitening } from './rounding.ts';
import {
  isEmpty,
  MASS_FLOOR,
  meansFromStatistics,
  meanSteps,
  weightsFromMass,
  type Statistics,
} from './statistics.ts';

/**
 * Gaussian with independent features: the diagonal of the full update.
 * Whitening: 1 / standard deviation, K x D. Sums of a component: first moment (D), second moment per feature (D).
 */
export const gaussianDiag: Family = {
  name: 'gaussian-diag',
  shader,
  covarianceShape: (nComponents, nFeatures) => [nComponents, nFeatures],
  covarianceParameters: (nComponents, nFeatures) => nComponents * nFeatures,
  statisticsLength: (nFeatures) => 2 * nFeatures,

  standardise: ({ weights, means, covariances }, { means: centre, scales }) => ({
    weights: weights.slice(),
    means: means.map((value, i) => (value - centre[i % centre.length]) / scales[i % centre.length]),
    covariances: covariances.map(
      (v, i) => v / scales[i % scales.length] / scales[i % scales.length],
    ),
  }),
  restore: ({ weights, means, covariances }, { means: centre, scales }) => ({
    weights: weights.slice(),
    means: means.map((value, i) => centre[i % centre.length] + scales[i % centre.length] * value),
    covariances: covariances.map(
      (v, i) => v * scales[i % scales.length] * scales[i % scales.length],
    ),
  }),
  invert: (covariances, nComponents) => {
    checkPositive(covariances, nComponents);
    return covariances.map((variance) => 1 / variance);
  },
  precisionsCholesky: (covariances, nComponents) => {
    checkPositive(covariances, nComponents);
    return covariances.map((variance) => 1 / Math.sqrt(variance));
  },

  density(parameters, standardisation) {
    const { weights, means, covariances } = parameters;
    const nComponents = weights.length;
    const nFeatures = means.length / nComponents;
    const floors = varianceFloors(nFeatures, standardisation);
    const logDeterminants = new Float64Array(nComponents);
    const whitening = covariances.map((variance, i) => {
      const component = Math.floor(i / nFeatures);
      if (!(variance > floors[i % nFeatures] && variance < Infinity)) {
        throw collapsed(component, variance, i % nFeatures);
      }
      logDeterminants[component] -= 0.5 * Math.log(variance);
      return 1 / Math.sqrt(variance);
    });
    return {
      nComponents,
      nFeatures,
      logConstants: logConstants(weights, logDeterminants, nFeatures, standardisation),
      means,
      whitening,
      whiteningStride: nFeatures,
    };
  },

  variances: ({ covariances }) => covariances,

  logDensity(density, component, sample, residual) {
    const { nFeatures, means, whitening } = density;
    let at = component * nFeatures;
    let square = 0;
    for (let d = 0; d < nFeatures; d++, at++) {
      const difference = sample[d] - means[at];
      residual[d] = difference;
      const y = difference * whitening[at];
      square += y * y;
    }
    return density.logConstants[component] - 0.5 * square;
  },

  accumulate({ nFeatures }, component, weight, residual, sums) {
    const at = component * 2 * nFeatures;
    for (let d = 0; d < nFeatures; d++) {
      const weighted = weight * residual[d];
      sums[at + d] += weighted;
      sums[at + nFeatures + d] += weighted * residual[d];
    }
  },

  mStep(statistics, previous, { regCovar, standardisation }) {
    const nFeatures = regCovar.length;
    const covariances = variancesFromStatistics(statistics, standardisation);
    for (let k = 0; k < statistics.nComponents; k++) {
      for (let d = 0, i = k * nFeatures; d < nFeatures; d++, i++) {
        // an empty component keeps its shape
        if (isEmpty(statistics.componentMass[k])) covariances[i] = previous.covariances[i]!;
        else covariances[i] += regCovar[d];
      }
    }
    return {
      weights: weightsFromMass(statistics.componentMass),
      means: meansFromStatistics(statistics, standardisation),
      covariances,
    };
  },

  narrow: (means, nComponents, nFeatures, standardDeviation) => ({
    weights: new Float64Array(nComponents).fill(1 / nComponents),
    means,
    covariances: new Float64Array(nComponents * nFeatures).fill(standardDeviation ** 2),
  }),

  pack(density, split) {
    const { nComponents, nFeatures } = density;
    const { components, logConstants, means, shift } = packComponents(density, split);
    const whitening = density.whitening.map(roundWhitening);
    const packed = new Float32Array(nComponents * blocksOf(nFeatures) * 4);
    whitening.forEach((value, i) => {
      packed[Math.floor(i / nFeatures) * blocksOf(nFeatures) * 4 + (i % nFeatures)] = value;
    });
    const rounded = { ...density, logConstants, means, whitening };
    return { components, whitening: packed, shift, density, rounded };
  },

  tileRows: () => 0,
  // per block of four features: first moments, second moments, the mass
  deviceVectors: (nFeatures) => 3 * blocksOf(nFeatures),
  unpack,
  closerCoordinates,

  samplingFactors: (covariances, nComponents) => {
    checkPositive(covariances, nComponents);
    return covariances.map((variance) => Math.sqrt(variance));
  },
  draw({ means, weights }, factors, component, random, out, offset) {
    const nFeatures = means.length / weights.length;
    for (let d = 0, i = component * nFeatures; d < nFeatures; d++, i++) {
      out[offset + d] = means[i] + factors[i] * random.normal();
    }
  },
};

/** Maximum-likelihood variances about the new means, K x D; rounding is not let below 0. */
export function variancesFromStatistics(
  statistics: Statistics,
  standardisation: Standardisation,
): Float64Array {
  const { nComponents, componentMass, sums } = statistics;
  const nFeatures = standardisation.means.length;
  const variances = new Float64Array(nComponents * nFeatures);
  for (let k = 0; k < nComponents; k++) {
    const mass = componentMass[k];
    meanSteps(statistics, k, standardisation).forEach((step, d) => {
      const first = sums[k * 2 * nFeatures + d];
      const second = sums[k * 2 * nFeatures + nFeatures + d];
      const centred = second - step * first - (first - mass * step) * step;
      variances[k * nFeatures + d] = Math.max(0, centred / (mass + MASS_FLOOR));
    });
  }
  return variances;
}

function checkPositive(covariances: Float64Array, nComponents: number): void {
  const perComponent = covariances.length / nComponents;
  covariances.forEach((variance, i) => {
    if (!(variance > 0 && variance < Infinity)) {
      throw collapsed(Math.floor(i / perComponent), variance, i % perComponent);
    }
  });
}

/** The device sums whitened y = (z - m) / sigma and y^2; S1 = sigma sum y, S2 = sigma^2 sum y^2, in float64. */
function unpack(sums: Float64Array, packed: PackedDensity): UnpackedStatistics {
  const { density, rounded } = packed;
  const { nComponents, nFeatures, whitening, means } = rounded;
  const blocks = blocksOf(nFeatures);
  const componentMass = new Float64Array(nComponents);
  const out = new Float64Array(nComponents * 2 * nFeatures);
  let logLikelihoodCorrection = 0;
  for (let k = 0; k < nComponents; k++) {
    const mass = sums[k * blocks * 12 + 8];
    componentMass[k] = mass;
    logLikelihoodCorrection += roundingCorrection(packed, k, mass);
    for (let d = 0; d < nFeatures; d++) {
      const at = (k * blocks + (d >> 2)) * 12 + (d & 3);
      const i = k * nFeatures + d;
      const deviation = 1 / whitening[i];
      const first = sums[at];
      const second = sums[at + 4];
      out[k * 2 * nFeatures + d] = first * deviation;
      out[k * 2 * nFeatures + nFeatures + d] = second * deviation * deviation;
      // y' = ratio y + shift is the exact residual: what sum gamma y'^2 has beyond sum gamma y^2
      const ratio = density.whitening[i] * deviation;
      const shift = (means[i] - density.means[i]) * density.whitening[i];
      const change = (ratio * ratio - 1) * second + shift * (2 * ratio * first + mass * shift);
      logLikelihoodCorrection -= 0.5 * change;
    }
  }
  return {
    statistics: { nComponents, componentMass, sums: out, origin: means },
    logLikelihoodCorrection,
  };
}

function closerCoordinates(
  sums: Float64Array,
  { rounded }: PackedDensity,
  { regCovar, whitening: standard }: Ridge,
): Density | undefined {
  const { nComponents, nFeatures } = rounded;
  const blocks = blocksOf(nFeatures);
  const means = rounded.means.slice();
  const whitening = rounded.whitening.slice();
  let needed = false;
  for (let k = 0; k < nComponents; k++) {
    const mass = sums[k * blocks * 12 + 8];
    if (mass === 0) continue;
    for (let d = 0, i = k * nFeatures; d < nFeatures; d++, i++) {
      const at = (k * blocks + (d >> 2)) * 12 + (d & 3);
      const move = sums[at] / mass;
      const second = sums[at + 4] / mass;
      const variance = Math.max(0, second - move * move);
      means[i] += move / rounded.whitening[i];
      whitening[i] /= Math.sqrt(variance + SPREAD_FLOOR * second) || 1;
      const kept = variance + regCovar[d] * standard[i] ** 2;
      needed ||= second > LOST_SPREAD && kept < LOST_SPREAD * second;
    }
  }
  return needed ? { ...rounded, means, whitening } : undefined;
}
