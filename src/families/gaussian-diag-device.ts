import shader from '../../shaders/families/gaussian-diag.wgsl?raw';
import moments from '../../shaders/families/gaussian-diag-moments.wgsl?raw';
import missingShader from '../../shaders/families/gaussian-diag-missing.wgsl?raw';
import {
  blocksOf,
  componentVectors,
  LOST_SPREAD,
  packComponents,
  SPREAD_FLOOR,
} from './device-layout.ts';
import { ownSums, type DeviceTwin, type PackedDensity, type Ridge } from './device-twin.ts';
import type { GaussianDensity, GaussianParameters } from './gaussian.ts';
import { LOG_ZERO } from './log-constants.ts';
import { unpackDiagonal, type DiagonalSums } from './gaussian-diag-unpack.ts';
import { fusedDiagonals } from './gaussian-fused.ts';
import { sphericalSums } from './gaussian-spherical-moments.ts';
import { roundWhitening } from './rounding.ts';

type Packed = PackedDensity<GaussianDensity>;

/**
 * How Gaussian families with independent features compute on WebGPU. A block of four features has a vec4 of 1 / sigma and, with
 * missing entries, one of the features' shares of the constant.
 * @param oneVariance whether all features have the same variance in the user's units
 */
export function diagonalTwin(
  nFeatures: number,
  missing: boolean,
  oneVariance: boolean,
): DeviceTwin<GaussianParameters, GaussianDensity> {
  const blocks = blocksOf(nFeatures);
  return {
    name: missing ? 'gaussian-diag-missing' : 'gaussian-diag',
    shader: missing ? missingShader : shader,
    layout: 'standardised',
    componentVectors: componentVectors(nFeatures),
    couples: false,
    ...(missing ? {} : { densityComponents: 4 as const }),
    sums: missing
      ? ownSums(blocks, blockVectors(missing))
      : {
          name: '',
          shader: moments,
          kernel: 'moments',
          components: 4,
          blockCount: blocks,
          blockVectors: blockVectors(missing),
        },
    ...(oneVariance && !missing ? { shortSums: sphericalSums(nFeatures) } : {}),
    ...(missing ? {} : fusedDiagonals(nFeatures)),
    densityCost: (missing ? 9 : 6) * nFeatures + 16,
    densityIterations: 1 + blocks + (missing ? 2 * Math.ceil(blocks / 32) : 0),
    variances: ({ covariances }) => covariances,
    pack: (density, split) => pack(density, split, missing),
    unpack: (sums, packed) => unpackDiagonal(readSums(sums, packed.rounded, missing), packed),
    closerCoordinates: (sums, packed, ridge) =>
      closerCoordinates(readSums(sums, packed.rounded, missing), packed, ridge),
  };
}

/** A block of sums: first moments, second moments, with missing entries the observed masses, and the mass. */
const blockVectors = (missing: boolean): number => (missing ? 4 : 3);

function pack(density: GaussianDensity, split: boolean, missing: boolean): Packed {
  const { nFeatures, whiteningStride } = density;
  const common = packComponents(density, split);
  const whitening = density.whitening.map(roundWhitening);
  const featureConstants = density.featureConstants!.map(Math.fround);
  const rounded = {
    ...density,
    logConstants: common.logConstants,
    means: common.means,
    whitening,
    featureConstants,
  };
  const planes = missing ? 2 : 1;
  const rowVectors = planes * blocksOf(nFeatures);
  const packed = new Float32Array((whitening.length / nFeatures) * rowVectors * 4);
  const at = (i: number): number =>
    4 * (Math.floor(i / nFeatures) * rowVectors + planes * ((i % nFeatures) >> 2)) +
    ((i % nFeatures) & 3);
  whitening.forEach((value, i) => (packed[at(i)] = value));
  if (!split && !missing) packShifts(rounded, common.components);
  // (coordinates for a closer look have no constants: nothing is evaluated under them)
  if (missing) featureConstants.forEach((value, i) => (packed[at(i) + 4] = value));
  return {
    components: common.components,
    whitening: packed,
    tableVectors: whiteningStride === 0 ? 0 : rowVectors,
    shift: missing ? 0 : common.shift,
    density,
    rounded: missing ? packWeights(density, rounded, common.components) : rounded,
  };
}

/** -m / sigma in place of the means' low parts, which only pairs of float32 have (shaders/residuals.wgsl). */
function packShifts(
  { nComponents, nFeatures, means, whitening, whiteningStride }: GaussianDensity,
  components: Float32Array,
): void {
  const stride = components.length / nComponents;
  const first = 4 + 4 * blocksOf(nFeatures);
  for (let k = 0, i = 0; k < nComponents; k++) {
    for (let d = 0; d < nFeatures; d++, i++) {
      components[k * stride + first + d] = -means[i] * (whitening[k * whiteningStride + d] ?? 0);
    }
  }
}

/**
 * With missing entries a component's constant is ln pi_k alone: the features' shares are added as they are observed, so that a
 * sum is never much larger than the log-density that it ends in.
 */
function packWeights(
  density: GaussianDensity,
  rounded: GaussianDensity,
  components: Float32Array,
): GaussianDensity {
  const { nFeatures, whiteningStride } = density;
  const stride = components.length / density.nComponents;
  const logConstants = density.logConstants.map((constant, k) => {
    let logWeight = constant;
    let shares = 0;
    for (let d = 0; d < nFeatures; d++) {
      const w = k * whiteningStride + d;
      // (a second half of coordinates has no constants, and none is read)
      logWeight -= density.featureConstants![w] ?? 0;
      shares += rounded.featureConstants![w] ?? 0;
    }
    components[k * stride] = Math.max(LOG_ZERO, logWeight);
    return components[k * stride] + shares;
  });
  return { ...rounded, logConstants };
}

function readSums(sums: Float64Array, density: GaussianDensity, missing: boolean): DiagonalSums {
  const { nComponents, nFeatures, whitening, whiteningStride } = density;
  const blocks = blocksOf(nFeatures);
  const stride = 4 * blockVectors(missing);
  const vectors = (vector: number): Float64Array => {
    const out = new Float64Array(nComponents * nFeatures);
    for (let k = 0, i = 0; k < nComponents; k++) {
      for (let d = 0; d < nFeatures; d++, i++) {
        out[i] = sums[(k * blocks + (d >> 2)) * stride + 4 * vector + (d & 3)];
        // without missing entries the kernel sums residuals as they are
        if (!missing) out[i] *= whitening[k * whiteningStride + d] ** (vector + 1);
      }
    }
    return out;
  };
  return {
    componentMass: Float64Array.from(
      { length: nComponents },
      (_, k) => sums[k * blocks * stride + stride - 4],
    ),
    first: vectors(0),
    second: vectors(1),
    observed: missing ? vectors(2) : undefined,
  };
}

/**
 * New means, and whitening to about the new spread, where float32 sums about the old mean would lose it. A whitening that all
 * components share stays: there what the pooled variance keeps of the pooled second moment counts.
 */
function closerCoordinates(
  { componentMass, first, second, observed }: DiagonalSums,
  { rounded }: Packed,
  { regCovar, whitening: standard }: Ridge,
): GaussianDensity | undefined {
  const { nComponents, nFeatures, whiteningStride } = rounded;
  const shared = whiteningStride === 0;
  const means = rounded.means.slice();
  const whitening = rounded.whitening.slice();
  const pooled = new Float64Array(3 * nFeatures);
  let needed = false;
  for (let k = 0; k < nComponents; k++) {
    for (let d = 0, i = k * nFeatures; d < nFeatures; d++, i++) {
      const mass = observed ? observed[i] : componentMass[k];
      if (mass === 0) continue;
      const w = k * whiteningStride + d;
      const move = first[i] / mass;
      const square = second[i] / mass;
      const variance = Math.max(0, square - move * move);
      means[i] += move / rounded.whitening[w];
      if (shared) {
        pooled[d] += mass;
        pooled[nFeatures + d] += mass * square;
        pooled[2 * nFeatures + d] += mass * variance;
        continue;
      }
      whitening[w] /= Math.sqrt(variance + SPREAD_FLOOR * square) || 1;
      const kept = variance + regCovar[d] * standard[w] ** 2;
      needed ||= square > LOST_SPREAD && kept < LOST_SPREAD * square;
    }
  }
  for (let d = 0; d < nFeatures; d++) {
    // (own whitenings: nothing is pooled, and no comparison with NaN holds)
    const square = pooled[nFeatures + d] / pooled[d];
    const kept = pooled[2 * nFeatures + d] / pooled[d] + regCovar[d] * standard[d] ** 2;
    needed ||= square > LOST_SPREAD && kept < LOST_SPREAD * square;
  }
  return needed ? { ...rounded, means, whitening } : undefined;
}
