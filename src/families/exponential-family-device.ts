import body from '../../shaders/exponential-family.wgsl?raw';
import { blocksOf } from './device-layout.ts';
import { checkDensityLoops } from './device-loops.ts';
import {
  ownSums,
  type DeviceTwin,
  type PackedDensity,
  type UnpackedStatistics,
} from './device-twin.ts';
import type { ExponentialDensity } from './exponential-family-density.ts';
import type { Parameters } from './family.ts';
import { LOG_ZERO } from './log-constants.ts';

/** What of a family the device needs to know. */
export interface DeviceSource {
  /** Kernels of one name have one text. */
  readonly name: string;
  /** Declares `fn sufficient_statistics(x: f32) -> array<f32, STATISTICS>`. */
  readonly wgsl: string;
  readonly nStatistics: number;
  /** A value of the support, for missing entries. */
  readonly example: number;
  /** Whether T is never below 0. */
  readonly nonNegative: boolean;
}

/** eta = -Infinity on the device: a whole count of 2^24 in each of 10^4 features times this still is a float32. */
const IMPOSSIBLE = -1e25;

/**
 * Sums of non-negative T about t lose what is less than 2^-22 of t. A fall below that is taken in two iterations: the
 * second one sums about 0, where float32 has every digit of T, and a sum of 0 means that there was nothing.
 */
const LARGEST_FALL = 2 ** -22;

/** How independent features of one exponential family compute on WebGPU: shaders/exponential-family.wgsl and the family's T. */
export function exponentialTwin<P extends Parameters>(
  source: DeviceSource,
  nFeatures: number,
  missing: boolean,
): DeviceTwin<P, ExponentialDensity> {
  const { nStatistics } = source;
  const blocks = blocksOf(nFeatures);
  // the loop over blocks and, in each of its turns, the one over several statistics; one of n turns counts n + 1 times (llvmpipe)
  const iterations = 1 + blocks * (nStatistics === 1 ? 1 : 2 + nStatistics);
  checkDensityLoops(source.name, nFeatures, iterations);
  return {
    name: source.name,
    shader: `${body}\n${source.wgsl}`,
    layout: 'values',
    numbers: { STATISTICS: nStatistics },
    componentVectors: 1,
    couples: false,
    // per block of four features and statistic: its sums, the observed masses, the mass
    sums: ownSums(blocks * nStatistics, 3),
    densityCost: 10 * nStatistics * nFeatures + 16,
    densityIterations: iterations,
    pack: (density) => pack(density, source, missing),
    unpack: (sums, packed) => unpack(sums, packed, source, missing),
  };
}

/**
 * The point t that one feature's statistics are summed about, and eta beside it, in float32. A sum of T >= 0 about 0 keeps its
 * relative precision, so that is the point where T is no larger than its spread (a Poisson rate of at most 1, ...).
 */
export function devicePoint(
  mean: number,
  eta: number,
  nonNegative: boolean,
): { eta: number; t: number } {
  if (eta === -Infinity || !Number.isFinite(mean)) return { eta: Math.fround(clamp(eta)), t: 0 };
  return { eta: Math.fround(clamp(eta)), t: nonNegative && mean <= 1 ? 0 : Math.fround(mean) };
}

const clamp = (eta: number): number => Math.max(IMPOSSIBLE, Math.min(-IMPOSSIBLE, eta));

/** sum gamma T from sum gamma (T - t), in float64. */
export function sumFromOrigin(
  first: number,
  t: number,
  observed: number,
  nonNegative: boolean,
): number {
  const sum = first + t * observed;
  return nonNegative ? Math.max(sum, LARGEST_FALL * t * observed) : sum;
}

/**
 * ln p at t without ln h, of one feature: eta . t - A. (0 times -Infinity counts as 0: t is 0 there.)
 */
export function constantAt(
  { natural, logPartitions, nStatistics }: ExponentialDensity,
  index: number,
  t: (s: number) => number,
): number {
  let constant = -logPartitions[index];
  for (let s = 0; s < nStatistics; s++) {
    if (t(s) !== 0) constant += natural[index * nStatistics + s] * t(s);
  }
  return constant;
}

interface PackedExponential extends PackedDensity<ExponentialDensity> {
  /** ln p at t of each feature as the device has it where entries are missing, K x D. */
  readonly featureConstants: Float64Array;
}

function pack(
  density: ExponentialDensity,
  { nStatistics, example, nonNegative }: DeviceSource,
  missing: boolean,
): PackedExponential {
  const { nComponents, nFeatures, natural, means, logPartitions } = density;
  const blocks = blocksOf(nFeatures);
  const blockVectors = 2 * nStatistics + (missing ? 1 : 0);
  const tables = new Float32Array(nComponents * blocks * blockVectors * 4);
  const eta = new Float64Array(natural.length);
  const points = new Float64Array(natural.length);
  const constants = new Float64Array(nComponents * nFeatures);
  const rest = density.logConstants.slice();
  for (let i = 0; i < constants.length; i++) {
    const component = Math.floor(i / nFeatures);
    const feature = i % nFeatures;
    const at = (component * blocks + (feature >> 2)) * blockVectors * 4 + (feature & 3);
    for (let s = 0; s < nStatistics; s++) {
      const j = i * nStatistics + s;
      const point = devicePoint(means[j], natural[j], nonNegative);
      tables[at + 8 * s] = eta[j] = point.eta;
      tables[at + 8 * s + 4] = points[j] = point.t;
    }
    constants[i] = constantAt(density, i, (s) => points[i * nStatistics + s]);
    if (missing) tables[at + 8 * nStatistics] = constants[i];
    // with every entry observed, the features' constants are the component's
    rest[component] += logPartitions[i] + (missing ? 0 : constants[i]);
  }
  const shift = Math.max(...rest);
  const components = new Float32Array(nComponents * 4);
  const logConstants = rest.map((constant, k) => {
    components[4 * k] = Math.max(LOG_ZERO, constant - shift);
    components[4 * k + 1] = example;
    return components[4 * k] + shift;
  });
  return {
    components,
    whitening: tables,
    tableVectors: blocks * blockVectors,
    shift,
    density: { ...density, logConstants: rest },
    rounded: { ...density, natural: eta, means: points, logConstants },
    featureConstants: missing ? constants : new Float64Array(0),
  };
}

function unpack(
  sums: Float64Array,
  packed: PackedDensity<ExponentialDensity>,
  { nStatistics, nonNegative }: DeviceSource,
  missing: boolean,
): UnpackedStatistics {
  const { density, rounded } = packed;
  const { featureConstants } = packed as PackedExponential;
  const { nComponents, nFeatures } = density;
  const blocks = blocksOf(nFeatures);
  const componentMass = new Float64Array(nComponents);
  const observed = new Float64Array(nComponents * nFeatures);
  const totals = new Float64Array(nComponents * nFeatures * nStatistics);
  let logLikelihoodCorrection = 0;
  for (let k = 0; k < nComponents; k++) {
    const mass = sums[k * blocks * nStatistics * 12 + 8];
    componentMass[k] = mass;
    if (mass > 0) {
      logLikelihoodCorrection += mass * (density.logConstants[k] - rounded.logConstants[k]);
    }
    for (let d = 0, i = k * nFeatures; d < nFeatures; d++, i++) {
      const at = (k * blocks + (d >> 2)) * nStatistics * 12 + (d & 3);
      observed[i] = sums[at + 4];
      if (missing) {
        const constant = featureConstants[i];
        logLikelihoodCorrection += observed[i] * (constant - Math.fround(constant));
      }
      for (let s = 0; s < nStatistics; s++) {
        const j = i * nStatistics + s;
        const first = sums[at + 12 * s];
        totals[j] = sumFromOrigin(first, rounded.means[j], observed[i], nonNegative);
        if (Math.abs(density.natural[j]) < -IMPOSSIBLE) {
          logLikelihoodCorrection += first * (density.natural[j] - rounded.natural[j]);
        }
      }
    }
  }
  return {
    statistics: {
      nComponents,
      componentMass,
      sums: totals,
      origin: new Float64Array(0),
      observed: missing ? observed : undefined,
    },
    logLikelihoodCorrection,
  };
}
