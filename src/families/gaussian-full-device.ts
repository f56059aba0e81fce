import shader from '../../shaders/families/gaussian-full.wgsl?raw';
import whitened from '../../shaders/families/gaussian-full-whitened.wgsl?raw';
import { cholesky, invertLower, packedLength } from './cholesky.ts';
import {
  blocksOf,
  componentVectors,
  LOST_SPREAD,
  packComponents,
  roundingCorrection,
  SPREAD_FLOOR,
} from './device-layout.ts';
import type { DeviceTwin, PackedDensity, Ridge, UnpackedStatistics } from './device-twin.ts';
import type { GaussianDensity, GaussianParameters } from './gaussian.ts';
import { linearForm } from './gaussian-tied-linear.ts';
import { shortMoments } from './gaussian-full-moments.ts';
import { fusedTriangles } from './gaussian-fused.ts';
import { roundWhitening } from './rounding.ts';

/** How Gaussian families whose features have covariances compute on WebGPU: whitening is a triangle in 4 x 4 tiles. */
export function triangularTwin(nFeatures: number): DeviceTwin<GaussianParameters, GaussianDensity> {
  const blocks = blocksOf(nFeatures);
  return {
    name: 'gaussian-full',
    shader,
    layout: 'standardised',
    componentVectors: componentVectors(nFeatures),
    couples: true,
    sums: {
      name: 'whitened',
      shader: whitened,
      kernel: 'statistics',
      components: 1,
      // per pair of feature blocks: 4 columns of second moments, the first moments of the block, the mass
      blockVectors: 6,
      blockCount: packedLength(blocks),
      tileRows: 4 * blocks,
    },
    shortSums: shortMoments(nFeatures),
    linear: linearForm(nFeatures),
    ...fusedTriangles(nFeatures),
    densityCost: nFeatures * nFeatures + 8 * nFeatures + 16,
    densityIterations: 1 + 2 * blocks + packedLength(blocks),
    variances: ({ covariances }) => diagonals(covariances, nFeatures),
    pack,
    unpack: unpackTriangles,
    closerCoordinates: closerTriangles,
  };
}

function diagonals(covariances: Float64Array, nFeatures: number): Float64Array {
  const variances = new Float64Array(covariances.length / nFeatures);
  for (let i = 0; i < variances.length; i++) {
    variances[i] = covariances[i * nFeatures + (i % nFeatures)];
  }
  return variances;
}

function pack(density: GaussianDensity, split: boolean): PackedDensity<GaussianDensity> {
  const { nFeatures, whiteningStride } = density;
  const { components, logConstants, means, shift } = packComponents(density, split);
  const whitening = density.whitening.map(roundWhitening);
  const rounded = { ...density, logConstants, means, whitening };
  return {
    components,
    whitening: packTriangles(whitening, nFeatures),
    tableVectors: whiteningStride === 0 ? 0 : 4 * packedLength(blocksOf(nFeatures)),
    shift,
    density,
    rounded,
  };
}

/** Lower triangles as 4 x 4 tiles of row vec4s, tiles by rows: what shaders/families/gaussian-full.wgsl reads. */
export function packTriangles(
  whitening: Float64Array,
  nFeatures: number,
): Float32Array<ArrayBuffer> {
  const stride = packedLength(nFeatures);
  const tiles = packedLength(blocksOf(nFeatures));
  const count = whitening.length / stride;
  const packed = new Float32Array(count * tiles * 16);
  for (let k = 0, from = 0; k < count; k++) {
    for (let i = 0; i < nFeatures; i++) {
      const row = (k * tiles + packedLength(i >> 2)) * 16 + (i & 3) * 4;
      for (let j = 0; j <= i; j++) packed[row + (j >> 2) * 16 + (j & 3)] = whitening[from++];
    }
  }
  return packed;
}

/**
 * The device sums y y' of whitened residuals y = W (z - m), which stay near N_k I however thin the component is, so that
 * float32 rounding is relative to the component's own shape. Here they are mapped back in float64: S = C (sum y y') C'.
 */
export function unpackTriangles(
  sums: Float64Array,
  packed: PackedDensity<GaussianDensity>,
): UnpackedStatistics {
  const { density, rounded } = packed;
  const { nComponents, nFeatures, whitening, whiteningStride, means } = rounded;
  const length = nFeatures + packedLength(nFeatures);
  const blockPairs = packedLength(blocksOf(nFeatures));
  const componentMass = new Float64Array(nComponents);
  const out = new Float64Array(nComponents * length);
  const first = new Float64Array(nFeatures);
  const second = new Float64Array(nFeatures * nFeatures);
  let logLikelihoodCorrection = 0;
  let c = invertLower(whitening, nFeatures);
  let exact = multiplyLower(density.whitening, c, nFeatures, 0);
  for (let k = 0; k < nComponents; k++) {
    if (k > 0 && whiteningStride > 0) {
      c = invertLower(whitening, nFeatures, k * whiteningStride);
      exact = multiplyLower(density.whitening, c, nFeatures, k * whiteningStride);
    }
    const base = k * blockPairs * 24;
    componentMass[k] = sums[base + 20];
    readMoments(sums, base, nFeatures, first, second);
    logLikelihoodCorrection += roundingCorrection(packed, k, componentMass[k]);
    logLikelihoodCorrection -=
      0.5 * squareChange(packed, k, exact, componentMass[k], first, second);
    congruence(c, first, second, nFeatures, out, k * length);
  }
  return {
    statistics: { nComponents, componentMass, sums: out, origin: means },
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

/** Writes C first (D) and the lower triangle of C second C' (packed) to `out` at `at`; `second` is symmetric. */
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
      // (symmetric: a row of it is as good as a column, and lies together)
      for (let m = 0, from = j * nFeatures; m <= i; m++, from++) sum += c[row + m] * second[from];
      half[j] = sum;
    }
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let m = 0, from = packedLength(j); m <= j; m++, from++) sum += half[m] * c[from];
      out[at + nFeatures + row + j] = sum;
    }
  }
}

/**
 * New means, and whitening to about the new spread: with S the second moment of y about its mean (plus a floor) and M the
 * inverse of its Cholesky factor, M W whitens what W whitened before. A shared whitening stays.
 */
export function closerTriangles(
  sums: Float64Array,
  { rounded }: PackedDensity<GaussianDensity>,
  ridge: Ridge,
): GaussianDensity | undefined {
  const { nComponents, nFeatures, whiteningStride } = rounded;
  const blockPairs = packedLength(blocksOf(nFeatures));
  const means = rounded.means.slice();
  const whitening = rounded.whitening.slice();
  const first = new Float64Array(nFeatures);
  const second = new Float64Array(nFeatures * nFeatures);
  let needed = false;
  for (let k = 0; k < nComponents; k++) {
    const mass = sums[k * blockPairs * 24 + 20];
    if (mass === 0) continue;
    readMoments(sums, k * blockPairs * 24, nFeatures, first, second);
    const at = k * whiteningStride;
    const c = invertLower(rounded.whitening, nFeatures, at);
    const spread = new Float64Array(nFeatures * nFeatures);
    let scale = 0;
    for (let i = 0; i < nFeatures; i++) {
      for (let j = 0; j <= i; j++) {
        means[k * nFeatures + i] += (c[packedLength(i) + j] * first[j]) / mass;
        spread[i * nFeatures + j] =
          second[i * nFeatures + j] / mass - (first[i] / mass) * (first[j] / mass);
      }
      scale = Math.max(scale, second[i * nFeatures + i] / mass);
    }
    if (scale === 0) continue;
    const m = inverseFactor(spread, SPREAD_FLOOR * scale, nFeatures);
    if (!needed && scale > LOST_SPREAD && leastPivot(m, nFeatures) < LOST_SPREAD * scale) {
      addRidge(spread, ridge, at, nFeatures);
      const kept = inverseFactor(spread, SPREAD_FLOOR * scale, nFeatures);
      needed = leastPivot(kept, nFeatures) < LOST_SPREAD * scale;
    }
    if (whiteningStride > 0)
      whitening.set(
        multiplyLower(m, rounded.whitening.subarray(at, at + whiteningStride), nFeatures, 0),
        at,
      );
  }
  return needed ? { ...rounded, means, whitening } : undefined;
}

/** Adds W diag(regCovar) W' to a lower triangle. */
function addRidge(
  matrix: Float64Array,
  { regCovar, whitening }: Ridge,
  at: number,
  n: number,
): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      for (let l = 0; l <= j; l++) {
        matrix[i * n + j] +=
          whitening[at + packedLength(i) + l] * regCovar[l] * whitening[at + packedLength(j) + l];
      }
    }
  }
}

/** Inverse of the Cholesky factor of `matrix` + floor I, packed. */
function inverseFactor(matrix: Float64Array, floor: number, n: number): Float64Array {
  const raised = matrix.slice();
  for (let i = 0; i < n; i++) {
    raised[i * n + i] = Math.max(0, raised[i * n + i]) + floor;
  }
  const factor = cholesky(raised, 0, n, new Float64Array(n));
  // rounding alone left it indefinite: the diagonal serves
  return invertLower(factor instanceof Float64Array ? factor : diagonalFactor(raised, n), n);
}

/** The square roots of the diagonal, packed. */
function diagonalFactor(matrix: Float64Array, nFeatures: number): Float64Array {
  const factor = new Float64Array(packedLength(nFeatures));
  for (let i = 0; i < nFeatures; i++) {
    factor[packedLength(i) + i] = Math.sqrt(matrix[i * nFeatures + i]);
  }
  return factor;
}

/** The smallest pivot, of which M holds the inverse square roots. */
function leastPivot(m: Float64Array, nFeatures: number): number {
  let least = Infinity;
  for (let i = 0; i < nFeatures; i++) least = Math.min(least, m[packedLength(i) + i] ** -2);
  return least;
}

/**
 * The product of two packed lower triangles. M = W C~ turns residuals whitened by the rounded W~ (C~ its inverse) into those of
 * the exact W.
 */
function multiplyLower(
  exact: Float64Array,
  c: Float64Array,
  nFeatures: number,
  at: number,
): Float64Array {
  const m = new Float64Array(packedLength(nFeatures));
  // row by row of `c`, which lies together: each sum still adds l = j, j + 1, ... in this order
  for (let i = 0; i < nFeatures; i++) {
    const row = packedLength(i);
    for (let l = 0, from = 0; l <= i; l++) {
      const factor = exact[at + row + l];
      for (let j = 0; j <= l; j++, from++) m[row + j] += factor * c[from];
    }
  }
  return m;
}

/**
 * sum gamma |W (z - m)|^2 less what the device saw of it, sum gamma |y|^2: with y' = M y + e, e = W (m~ - m),
 * tr(M S M') - tr(S) + 2 e' M first + mass |e|^2.
 */
function squareChange(
  { density, rounded }: PackedDensity<GaussianDensity>,
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
      for (let l = 0, from = j * nFeatures; l <= i; l++, from++) sum += m[row + l] * second[from];
      change += sum * m[row + j];
    }
    change += shift * (2 * moment + mass * shift) - second[i * nFeatures + i];
  }
  return change;
}
