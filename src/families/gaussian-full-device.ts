import { cholesky, invertLower, packedLength } from './cholesky.ts';
import { blocksOf, losesSpread, roundingCorrection } from './device-layout.ts';
import type { PackedDensity, UnpackedStatistics } from './family.ts';

/** Lower triangles as 4 x 4 tiles of row vec4s, tiles by rows: what shaders/families/gaussian-full.wgsl reads. */
export function packTriangles(
  whitening: Float64Array,
  nFeatures: number,
): Float32Array<ArrayBuffer> {
  const stride = packedLength(nFeatures);
  const tiles = packedLength(blocksOf(nFeatures));
  const count = whitening.length / stride;
  const packed = new Float32Array(count * tiles * 16);
  for (let k = 0; k < count; k++) {
    for (let i = 0; i < nFeatures; i++) {
      for (let j = 0; j <= i; j++) {
        const tile = packedLength(i >> 2) + (j >> 2);
        packed[(k * tiles + tile) * 16 + (i & 3) * 4 + (j & 3)] =
          whitening[k * stride + packedLength(i) + j]!;
      }
    }
  }
  return packed;
}

/**
 * The device sums y y' of whitened residuals y = W (z - m), which stay near N_k I however thin the component is, so that
 * float32 rounding is relative to the component's own shape. Here they are mapped back in float64: S = C (sum y y') C'.
 */
export function unpackTriangles(sums: Float64Array, packed: PackedDensity): UnpackedStatistics {
  const { density, rounded, shifts } = packed;
  const { nComponents, nFeatures, whitening, whiteningStride, means } = rounded;
  const length = nFeatures + packedLength(nFeatures);
  const blockPairs = packedLength(blocksOf(nFeatures));
  const componentMass = new Float64Array(nComponents);
  const out = new Float64Array(nComponents * length);
  const origin = means.slice();
  const first = new Float64Array(nFeatures);
  const second = new Float64Array(nFeatures * nFeatures);
  let logLikelihoodCorrection = 0;
  let c = invertLower(whitening, nFeatures);
  let exact = unrounding(density.whitening, c, nFeatures, 0);
  for (let k = 0; k < nComponents; k++) {
    if (k > 0 && whiteningStride > 0) {
      c = invertLower(whitening, nFeatures, k * whiteningStride);
      exact = unrounding(density.whitening, c, nFeatures, k * whiteningStride);
    }
    const base = k * blockPairs * 24;
    componentMass[k] = sums[base + 20];
    readMoments(sums, base, nFeatures, first, second);
    logLikelihoodCorrection += roundingCorrection(packed, k, componentMass[k]);
    logLikelihoodCorrection -=
      0.5 * squareChange(packed, k, exact, componentMass[k], first, second);
    congruence(c, first, second, nFeatures, out, k * length);
    if (shifts) addProduct(c, shifts, nFeatures, origin, k * nFeatures);
  }
  return {
    statistics: { nComponents, componentMass, sums: out, origin },
    logLikelihoodCorrection,
  };
}

/** First moments (D) and second moments (D x D) of whitened residuals from the device's blocks. */
function readMoments(
  sums: Float64Array,
  base: number,
  nFeatures: number,
  first: Float64Array,
  second: Float64Array,
): void {
  for (let i = 0; i < nFeatures; i++) {
    const diagonalPair = base + (packedLength(i >> 2) + (i >> 2)) * 24;
    first[i] = sums[diagonalPair + 16 + (i & 3)];
    for (let j = 0; j <= i; j++) {
      const pair = base + (packedLength(i >> 2) + (j >> 2)) * 24;
      const value = sums[pair + (j & 3) * 4 + (i & 3)];
      second[i * nFeatures + j] = value;
      second[j * nFeatures + i] = value;
    }
  }
}

/** Writes C first (D) and the lower triangle of C second C' (packed) to `out` at `at`. */
export function congruence(
  c: Float64Array,
  first: Float64Array,
  second: Float64Array,
  nFeatures: number,
  out: Float64Array,
  at: number,
): void {
  const half = new Float64Array(nFeatures);
  for (let i = 0; i < nFeatures; i++) {
    const row = packedLength(i);
    let moment = 0;
    for (let m = 0; m <= i; m++) moment += c[row + m] * first[m];
    out[at + i] = moment;
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let m = 0; m <= i; m++) sum += c[row + m] * second[m * nFeatures + j];
      half[j] = sum;
    }
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let m = 0; m <= j; m++) sum += half[m] * c[packedLength(j) + m];
      out[at + nFeatures + row + j] = sum;
    }
  }
}

/** Adds C v to `out`, both vectors of D starting at `at`. */
export function addProduct(
  c: Float64Array,
  v: Float64Array,
  nFeatures: number,
  out: Float64Array,
  at: number,
): void {
  for (let i = 0; i < nFeatures; i++) {
    for (let j = 0; j <= i; j++) out[at + i] += c[packedLength(i) + j] * v[at + j];
  }
}

/** How far each component's mean moves (whitened), where one of them moves out of its own spread. */
export function recentreTriangles(
  sums: Float64Array,
  { rounded }: PackedDensity,
): Float64Array | undefined {
  const { nComponents, nFeatures } = rounded;
  const blockPairs = packedLength(blocksOf(nFeatures));
  const shifts = new Float64Array(nComponents * nFeatures);
  const first = new Float64Array(nFeatures);
  const second = new Float64Array(nFeatures * nFeatures);
  const noFloor = new Float64Array(nFeatures);
  let needed = false;
  for (let k = 0; k < nComponents; k++) {
    const mass = sums[k * blockPairs * 24 + 20];
    if (mass === 0) continue;
    readMoments(sums, k * blockPairs * 24, nFeatures, first, second);
    const move = first.map((moment) => moment / mass);
    shifts.set(move, k * nFeatures);
    const spread = second.map(
      (value, i) => value / mass - move[Math.floor(i / nFeatures)] * move[i % nFeatures],
    );
    const square = move.reduce((sum, value) => sum + value * value, 0);
    const c = cholesky(spread, 0, nFeatures, noFloor);
    needed ||= losesSpread(square, c instanceof Float64Array ? squaredDistance(c, move) : Infinity);
  }
  return needed ? shifts : undefined;
}

/** |C^-1 v|^2 by forward substitution. */
function squaredDistance(c: Float64Array, v: Float64Array): number {
  const y = new Float64Array(v.length);
  let square = 0;
  for (let i = 0; i < v.length; i++) {
    const row = packedLength(i);
    let sum = v[i];
    for (let j = 0; j < i; j++) sum -= c[row + j] * y[j];
    y[i] = sum / c[row + i];
    square += y[i] * y[i];
  }
  return square;
}

/** M = W C~, packed: turns residuals whitened by the rounded W~ (C~ its inverse) into those of the exact W. */
function unrounding(
  exact: Float64Array,
  c: Float64Array,
  nFeatures: number,
  at: number,
): Float64Array {
  const m = new Float64Array(packedLength(nFeatures));
  for (let i = 0; i < nFeatures; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let l = j; l <= i; l++) sum += exact[at + packedLength(i) + l] * c[packedLength(l) + j];
      m[packedLength(i) + j] = sum;
    }
  }
  return m;
}

/**
 * sum gamma |W (z - m)|^2 less what the device saw of it, sum gamma |y|^2: with y' = M y + e, e = W (m~ - m),
 * tr(M S M') - tr(S) + 2 e' M first + mass |e|^2.
 */
function squareChange(
  { density, rounded }: PackedDensity,
  k: number,
  m: Float64Array,
  mass: number,
  first: Float64Array,
  second: Float64Array,
): number {
  const { nFeatures, whitening, whiteningStride } = density;
  let change = 0;
  for (let i = 0; i < nFeatures; i++) {
    const row = packedLength(i);
    let shift = 0;
    let moment = 0;
    for (let j = 0; j <= i; j++) {
      const step = rounded.means[k * nFeatures + j] - density.means[k * nFeatures + j];
      shift += whitening[k * whiteningStride + row + j] * step;
      moment += m[row + j] * first[j];
      let sum = 0;
      for (let l = 0; l <= i; l++) sum += m[row + l] * second[l * nFeatures + j];
      change += sum * m[row + j];
    }
    change += shift * (2 * moment + mass * shift) - second[i * nFeatures + i];
  }
  return change;
}
