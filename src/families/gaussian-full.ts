import shader from '../../shaders/families/gaussian-full.wgsl?raw';
import { cholesky, gram, invertLower, packedLength } from './cholesky.ts';
import { collapsed, varianceFloors } from './collapse.ts';
import { blocksOf, packComponents } from './device-layout.ts';
import type { Family, Parameters } from './family.ts';
import { packTriangles, closerTriangles, unpackTriangles } from './gaussian-full-device.ts';
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
import type { Standardisation } from '../data/standardisation.ts';

/**
 * Gaussian with a covariance of its own for each component.
 * ln N(x | m, S) = -D/2 ln 2 pi - ln |C| - |W (x - m)|^2 / 2 with S = C C' and W the inverse of C (mixtures.md).
 * Whitening: W packed by rows. Sums of a component: first moment (D), second moment (lower triangle packed by rows).
 */
export const gaussianFull: Family = {
  name: 'gaussian-full',
  shader,
  covarianceShape: (nComponents, nFeatures) => [nComponents, nFeatures, nFeatures],
  covarianceParameters: (nComponents, nFeatures) => nComponents * packedLength(nFeatures),
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

  variances({ weights, means, covariances }) {
    const nFeatures = means.length / weights.length;
    return covariances.filter((_, i) => (i % (nFeatures * nFeatures)) % (nFeatures + 1) === 0);
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

  accumulate({ nFeatures }, component, weight, residual, sums) {
    let at = component * (nFeatures + packedLength(nFeatures));
    let second = at + nFeatures;
    for (let i = 0; i < nFeatures; i++) {
      const weighted = weight * residual[i];
      sums[at++] += weighted;
      for (let j = 0; j <= i; j++) sums[second++] += weighted * residual[j];
    }
  },

  mStep(statistics, previous, { regCovar, standardisation }) {
    const nComponents = statistics.nComponents;
    const nFeatures = regCovar.length;
    const covariances = new Float64Array(nComponents * nFeatures * nFeatures);
    for (let k = 0; k < nComponents; k++) {
      const at = k * nFeatures * nFeatures;
      if (isEmpty(statistics.componentMass[k])) {
        // no sample says anything about this component: it keeps its shape and gets weight 0
        covariances.set(previous.covariances.subarray(at, at + nFeatures * nFeatures), at);
        continue;
      }
      addCentredSecondMoment(
        statistics,
        k,
        standardisation,
        1 / (statistics.componentMass[k] + MASS_FLOOR),
        covariances,
        at,
      );
      for (let d = 0; d < nFeatures; d++) covariances[at + d * nFeatures + d] += regCovar[d];
    }
    return {
      weights: weightsFromMass(statistics.componentMass),
      means: meansFromStatistics(statistics, standardisation),
      covariances,
    };
  },

  narrow(means, nComponents, nFeatures, standardDeviation) {
    const covariances = new Float64Array(nComponents * nFeatures * nFeatures);
    forEachMatrix(covariances, nFeatures, (_, at) => {
      for (let d = 0; d < nFeatures; d++)
        covariances[at + d * nFeatures + d] = standardDeviation ** 2;
    });
    return { weights: new Float64Array(nComponents).fill(1 / nComponents), means, covariances };
  },

  pack(density, split) {
    const { nFeatures } = density;
    const { components, logConstants, means, shift } = packComponents(density, split);
    const whiteningRounded = density.whitening.map(roundWhitening);
    const rounded = { ...density, logConstants, means, whitening: whiteningRounded };
    return {
      components,
      whitening: packTriangles(whiteningRounded, nFeatures),
      shift,
      density,
      rounded,
    };
  },

  tileRows: (nFeatures) => 4 * blocksOf(nFeatures),
  // per pair of feature blocks: 4 columns of second moments, the first moments of the block, the mass
  deviceVectors: (nFeatures) => 6 * packedLength(blocksOf(nFeatures)),
  unpack: unpackTriangles,
  closerCoordinates: closerTriangles,

  samplingFactors(covariances, _nComponents, nFeatures) {
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

/** Adds scale * (the component's second moment about its new mean) to a row-major matrix. */
export function addCentredSecondMoment(
  statistics: Statistics,
  component: number,
  standardisation: Standardisation,
  scale: number,
  out: Float64Array,
  at: number,
): void {
  const { sums, componentMass, nComponents } = statistics;
  const step = meanSteps(statistics, component, standardisation);
  const nFeatures = step.length;
  const first = (component * sums.length) / nComponents;
  const mass = componentMass[component];
  for (let i = 0; i < nFeatures; i++) {
    for (let j = 0; j <= i; j++) {
      const centred =
        sums[first + nFeatures + packedLength(i) + j] -
        step[i] * sums[first + j] -
        (sums[first + i] - mass * step[i]) * step[j];
      out[at + i * nFeatures + j] += scale * centred;
      if (j < i) out[at + j * nFeatures + i] += scale * centred;
    }
  }
}

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
  parameters: Parameters,
  { means: centre, scales }: Standardisation,
  restore: boolean,
): Parameters {
  const nFeatures = scales.length;
  return {
    weights: parameters.weights.slice(),
    means: parameters.means.map((value, i) => {
      const d = i % nFeatures;
      return restore ? centre[d] + scales[d] * value : (value - centre[d]) / scales[d];
    }),
    covariances: parameters.covariances.map((value, i) => {
      const row = Math.floor(i / nFeatures) % nFeatures;
      const column = i % nFeatures;
      // one factor at a time: the product of two scales may overflow where the result does not
      return restore ? value * scales[row] * scales[column] : value / scales[row] / scales[column];
    }),
  };
}
