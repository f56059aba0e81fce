import shader from '../../shaders/families/gaussian-full-moments.wgsl?raw';
import { cholesky, packedLength } from './cholesky.ts';
import { blocksOf, roundingCorrection } from './device-layout.ts';
import type { PackedDensity, Ridge, ShortForm, UnpackedStatistics } from './device-twin.ts';
import type { GaussianDensity } from './gaussian.ts';

/**
 * Share of a feature's second moment that its variance given the features before it must keep. Float32 sums of slabs, added in
 * float64, are off by about 2^-26 of the moments they hold: a variance of 2^-9 of them keeps 2^-17.
 */
const LEAST_SHARE = 2 ** -9;

type Packed = PackedDensity<GaussianDensity>;

/** Sums of residuals as they are, not whitened: shaders/families/gaussian-full-moments.wgsl. */
export function shortMoments(nFeatures: number): ShortForm<GaussianDensity> {
  const blockCount = packedLength(Math.ceil(blocksOf(nFeatures) / 2));
  return {
    name: 'moments',
    shader,
    kernel: 'moments',
    components: 'own',
    blockCount,
    blockVectors: FLOATS / 4,
    // (samples go as pairs of float32 where there are few, or where accuracy is dear)
    suits: (density, variances, split) => !split && keepsShare(density, variances),
    unpack: (sums, packed, ridge) => unpack(sums, packed, ridge, blockCount),
  };
}

/** float32s of a block: four 4 x 4 squares, two first moments of four, the mass and padding. */
const FLOATS = 76;

/** The whitening's diagonal holds the inverse square roots of the variances given the features before. */
export function keepsShare(
  { nComponents, nFeatures, whitening, whiteningStride }: GaussianDensity,
  variances: Float64Array,
): boolean {
  for (let k = 0; k < (whiteningStride === 0 ? 1 : nComponents); k++) {
    for (let d = 0; d < nFeatures; d++) {
      const inverse = whitening[k * whiteningStride + packedLength(d) + d];
      if (!(inverse * inverse * variances[k * nFeatures + d] * LEAST_SHARE < 1)) return false;
    }
  }
  return true;
}

/** Second moments (packed) of a single component about 0: the scatter of all samples. */
export function readScatter(sums: Float64Array, n: number): Float64Array {
  const second = new Float64Array(n * n);
  readBlocks(sums, 0, n, new Float64Array(n), second);
  const packed = new Float64Array(packedLength(n));
  for (let i = 0; i < n; i++) {
    packed.set(second.subarray(i * n, i * n + i + 1), packedLength(i));
  }
  return packed;
}

function unpack(
  sums: Float64Array,
  packed: Packed,
  { regCovar }: Ridge,
  blockCount: number,
): UnpackedStatistics | undefined {
  const { nComponents, nFeatures: n, whiteningStride, means } = packed.rounded;
  const length = n + packedLength(n);
  const out = new Float64Array(nComponents * length);
  const componentMass = new Float64Array(nComponents);
  const first = new Float64Array(n);
  const second = new Float64Array(n * n);
  const pooled = new PooledMoments(n);
  let logLikelihoodCorrection = 0;
  for (let k = 0; k < nComponents; k++) {
    const mass = readBlocks(sums, k * blockCount * FLOATS, n, first, second);
    componentMass[k] = mass;
    const at = k * length;
    out.set(first, at);
    for (let i = 0; i < n; i++) {
      out.set(second.subarray(i * n, i * n + i + 1), at + n + packedLength(i));
    }
    pooled.add(mass, first, second);
    if (whiteningStride > 0) {
      if (!pooled.keepsShare(regCovar)) return undefined;
      pooled.clear();
    }
    logLikelihoodCorrection += roundingCorrection(packed, k, mass);
    logLikelihoodCorrection -= 0.5 * squareChange(packed, k, mass, first);
  }
  if (whiteningStride === 0 && !pooled.keepsShare(regCovar)) return undefined;
  return {
    statistics: { nComponents, componentMass, sums: out, origin: means },
    logLikelihoodCorrection,
  };
}

/** First moments (D) and second moments (D x D, both triangles) of one component; returns its mass. */
function readBlocks(
  sums: Float64Array,
  base: number,
  n: number,
  first: Float64Array,
  second: Float64Array,
): number {
  const squares = Math.ceil(n / 8);
  for (let row = 0, at = base; row < squares; row++) {
    for (let column = 0; column <= row; column++, at += FLOATS) {
      for (let i = 0; i < 8 && 8 * row + i < n; i++) {
        const f = 8 * row + i;
        if (row === column) first[f] = sums[at + 64 + i];
        const end = Math.min(8, (row === column ? f : n - 1) - 8 * column + 1);
        for (let j = 0; j < end; j++) {
          const g = 8 * column + j;
          // matrices low-low, high-low, low-high, high-high, by columns
          const value = sums[at + 16 * ((i >> 2) + 2 * (j >> 2)) + 4 * (j & 3) + (i & 3)];
          second[f * n + g] = value;
          second[g * n + f] = value;
        }
      }
    }
  }
  return sums[base + 72];
}

/** Moments about old means of one component, or of all that share a whitening. */
class PooledMoments {
  readonly #n: number;
  readonly #spread: Float64Array;
  readonly #floors: Float64Array;
  #mass = 0;

  constructor(n: number) {
    this.#n = n;
    this.#spread = new Float64Array(n * n);
    this.#floors = new Float64Array(n);
  }

  add(mass: number, first: Float64Array, second: Float64Array): void {
    if (mass === 0) return;
    this.#mass += mass;
    for (let i = 0; i < this.#n; i++) {
      const row = i * this.#n;
      const move = first[i] / mass;
      for (let j = 0; j <= i; j++) this.#spread[row + j] += second[row + j] - move * first[j];
      this.#floors[i] += LEAST_SHARE * second[row + i];
    }
  }

  /** Whether every feature's variance given those before it keeps its share of what was summed. */
  keepsShare(regCovar: Float64Array): boolean {
    if (this.#mass === 0) return true;
    for (let i = 0; i < this.#n; i++) this.#spread[i * this.#n + i] += this.#mass * regCovar[i];
    return cholesky(this.#spread, 0, this.#n, this.#floors) instanceof Float64Array;
  }

  clear(): void {
    this.#mass = 0;
    this.#spread.fill(0);
    this.#floors.fill(0);
  }
}

/**
 * What rounding W and m to float32 changed in sum gamma |W (x - m)|^2, to first order: with R = W - W~, S the second moments and
 * e = W (m~ - m), 2 tr(R S W') + 2 e' W first + mass |e|^2. S is near mass C C', C = W^-1, so that S W' is near mass C, and R C has
 * R_ii / W_ii on its diagonal: D operations where the exact trace takes D^3 / 3 (a fifth of the host's iteration at D = 64).
 */
function squareChange(
  { density, rounded }: Packed,
  k: number,
  mass: number,
  first: Float64Array,
): number {
  const { nFeatures: n, whitening, whiteningStride } = density;
  const base = k * whiteningStride;
  let change = 0;
  for (let i = 0; i < n; i++) {
    const row = base + packedLength(i);
    let shift = 0;
    let moment = 0;
    for (let j = 0; j <= i; j++) {
      const w = whitening[row + j];
      shift += w * (rounded.means[k * n + j] - density.means[k * n + j]);
      moment += w * first[j];
    }
    change += shift * (2 * moment + mass * shift);
    change += 2 * mass * (1 - rounded.whitening[row + i] / whitening[row + i]);
  }
  return change;
}
