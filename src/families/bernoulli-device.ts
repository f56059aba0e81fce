import shared from '../../shaders/families/bernoulli.wgsl?raw';
import complete from '../../shaders/families/bernoulli-complete.wgsl?raw';
import moments from '../../shaders/families/bernoulli-moments.wgsl?raw';
import observed from '../../shaders/families/bernoulli-missing.wgsl?raw';
import type { BernoulliDensity, BernoulliParameters } from './bernoulli-density.ts';
import { wordsOf } from '../data/bits.ts';
import { roundingCorrection } from './device-layout.ts';
import { checkDensityLoops } from './device-loops.ts';
import {
  ownSums,
  type DeviceTwin,
  type PackedDensity,
  type UnpackedStatistics,
} from './device-twin.ts';
import { LOG_ZERO } from './log-constants.ts';

type Packed = PackedDensity<BernoulliDensity>;

/** Features in a block of sums: half a word. */
const BLOCK = 16;

/**
 * Bernoulli on WebGPU, on samples of 32 features a word. The device sees each feature as the surprise x' = x XOR [theta > 1/2]:
 * ln p = ln max(theta, 1 - theta) + x' slope, slope = -|log-odds| <= 0. The first term has no sample in it and goes, in float64,
 * into the constant (where entries are missing: into a second table). So a float32 sum has only the surprises in it, all of
 * one sign; a certain feature (theta 0 or 1) adds nothing but its impossible value, -1e30; and N_k - S_kd is as exact as S_kd.
 */
export function bernoulliTwin(
  nFeatures: number,
  missing: boolean,
): DeviceTwin<BernoulliParameters, BernoulliDensity> {
  const words = wordsOf(nFeatures);
  const blockCount = Math.ceil(nFeatures / BLOCK);
  // a loop of n turns counts n + 1 (llvmpipe): without missing entries one of 8 in each word
  const densityIterations = 1 + (missing ? 1 : 10) * words;
  checkDensityLoops('binary', nFeatures, densityIterations);
  return {
    name: 'bernoulli',
    shader: `${shared}\n${missing ? observed : complete}`,
    layout: 'bits',
    numbers: { WORDS: words, WORD_VECTORS: WORD_VECTORS },
    componentVectors: 1,
    couples: false,
    // sums of surprises (and of observed entries) of 16 features, and the mass
    ...(missing ? {} : { densityComponents: 4 as const }),
    sums: missing
      ? ownSums(blockCount, 9)
      : {
          name: '',
          shader: moments,
          kernel: 'moments',
          components: 4,
          blockCount,
          blockVectors: 5,
        },
    densityCost: (missing ? 8 : 4) * nFeatures + 16,
    densityIterations,
    pack: (density) => pack(density, missing),
    unpack: (sums, packed) => unpack(sums, packed, missing),
  };
}

/** vec4s of a word's tables: a head, then 32 slopes and 32 baselines, or 32 pairs of u and v (bernoulli-complete.wgsl). */
const WORD_VECTORS = 17;

/** One feature of a component as the device sees it. */
interface Feature {
  /** Whether its more probable value is 1. */
  readonly flipped: boolean;
  /** ln p of its more probable value. */
  readonly baseline: number;
  /** ln p of its less probable value, less that. */
  readonly slope: number;
}

function featureOf(
  { modes, logProbabilities, logComplements }: BernoulliDensity,
  index: number,
): Feature {
  const flipped = modes[index] === 1;
  const baseline = flipped ? logProbabilities[index] : logComplements[index];
  const surprise = flipped ? logComplements[index] : logProbabilities[index];
  return { flipped, baseline, slope: Math.max(LOG_ZERO, surprise - baseline) };
}

/**
 * The head of a word: its flips in two whole numbers (as float32 one might be a NaN) and, without missing entries, the sum
 * to expect with its sign turned: what the device adds up stays about 0 in a sample of this component, where float32 has most
 * digits. With missing entries the sum would have to be taken out again.
 */
function pack(density: BernoulliDensity, missing: boolean): Packed {
  const { nComponents, nFeatures } = density;
  const words = wordsOf(nFeatures);
  const tableVectors = words * WORD_VECTORS;
  const tables = new Float32Array(nComponents * tableVectors * 4);
  const logProbabilities = density.logProbabilities.slice();
  const logComplements = density.logComplements.slice();
  // what the exact constant is about ln pi_k
  const further = new Float64Array(nComponents);
  for (let k = 0; k < nComponents; k++) {
    for (let word = 0; word < words; word++) {
      const head = (k * tableVectors + word * WORD_VECTORS) * 4;
      let expected = 0;
      for (let bit = 0, d = 32 * word; bit < 32 && d < nFeatures; bit++, d++) {
        const i = k * nFeatures + d;
        const { flipped, baseline, slope } = featureOf(density, i);
        tables[head + 4 + bit] = slope;
        const rounded = tables[head + 4 + bit];
        if (flipped) tables[head + (bit >> 4)] += 2 ** (bit & 15);
        if (missing) tables[head + 36 + bit] = baseline;
        else {
          if (flipped) {
            tables[head + 4 + bit] = -rounded;
            tables[head + 36 + bit] = rounded;
          }
          further[k] += baseline;
          if (slope > LOG_ZERO) expected -= Math.exp(baseline + slope) * slope;
        }
        const usual = missing ? tables[head + 36 + bit] : baseline;
        logProbabilities[i] = flipped ? usual : usual + rounded;
        logComplements[i] = flipped ? usual + rounded : usual;
      }
      if (missing) continue;
      tables[head + 2] = expected;
      further[k] -= tables[head + 2];
    }
  }
  const exact = density.logConstants.map((constant, k) => constant + further[k]);
  const shift = Math.max(...exact);
  const components = new Float32Array(4 * nComponents);
  const logConstants = exact.map((constant, k) => {
    components[4 * k] = Math.max(LOG_ZERO, constant - shift);
    return components[4 * k] + shift - further[k];
  });
  const rounded = { ...density, logConstants, logProbabilities, logComplements };
  return { components, whitening: tables, tableVectors, shift, density, rounded };
}

/** The device sums gamma x', which are the family's sums about the more probable value, and gamma where x is observed. */
function unpack(sums: Float64Array, packed: Packed, missing: boolean): UnpackedStatistics {
  const { density, rounded } = packed;
  const { nComponents, nFeatures } = density;
  const blockFloats = missing ? 36 : 20;
  const componentFloats = Math.ceil(nFeatures / BLOCK) * blockFloats;
  const componentMass = new Float64Array(nComponents);
  const counts = new Float64Array(2 * nComponents * nFeatures);
  const observed = missing ? new Float64Array(nComponents * nFeatures) : undefined;
  let logLikelihoodCorrection = 0;
  for (let k = 0; k < nComponents; k++) {
    const mass = sums[k * componentFloats + blockFloats - 4];
    componentMass[k] = mass;
    logLikelihoodCorrection += roundingCorrection(packed, k, mass);
    for (let d = 0; d < nFeatures; d++) {
      const i = k * nFeatures + d;
      const at = k * componentFloats + Math.floor(d / BLOCK) * blockFloats + (d % BLOCK);
      const seen = missing ? sums[at + BLOCK] : mass;
      if (observed) observed[i] = seen;
      // float32 sums may pass their mass by a rounding
      const surprises = Math.min(sums[at], seen);
      const exact = featureOf(density, i);
      const used = featureOf(rounded, i);
      const ones = 2 * k * nFeatures + d;
      counts[ones] = exact.flipped ? seen - surprises : surprises;
      if (exact.flipped) counts[ones + nFeatures] = surprises;
      logLikelihoodCorrection +=
        seen * (exact.baseline - used.baseline) + surprises * (exact.slope - used.slope);
    }
  }
  const statistics = { nComponents, componentMass, sums: counts, origin: density.modes, observed };
  return { statistics, logLikelihoodCorrection };
}
