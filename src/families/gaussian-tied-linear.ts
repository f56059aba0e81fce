import { cholesky, invertLower, packedLength } from './cholesky.ts';
import { roundingCorrection } from './device-layout.ts';
import type { LinearForm, PackedDensity, Ridge, UnpackedStatistics } from './device-twin.ts';
import { diagonalTwin } from './gaussian-diag-device.ts';
import { keepsShare, readScatter } from './gaussian-full-moments.ts';
import { readSpherical } from './gaussian-spherical-moments.ts';
import type { GaussianDensity } from './gaussian.ts';

/**
 * Share of a feature's variance over all samples that its variance within components, given the features before it, must keep: the
 * covariance is a difference of the two scatters, which float32 sums give to about 2^-24.
 */
const LEAST_WITHIN = 2 ** -6;

type Packed = PackedDensity<GaussianDensity>;

/**
 * A shared covariance by its linear trick (4 N K D operations, and the whitening once a sample): with y = W x the density is that
 * of spherical components about W m_k, and sum_k sum_n gamma (x - m_k)(x - m_k)' follows from sum_n x x', which never changes,
 * and sum_n gamma x.
 */
export function linearForm(nFeatures: number): LinearForm<GaussianDensity> {
  const inner = diagonalTwin(nFeatures, false, true);
  return {
    inner,
    suits: (density, variances, split) =>
      !split &&
      density.whiteningStride === 0 &&
      keepsShare(density, variances) &&
      mayKeepWithin(density),
    pack: (packed) => inner.pack(whitenedDensity(packed), false),
    readScatter: (sums) => readScatter(sums, nFeatures),
    unpack: (sums, packed, inside, scatter, ridge) =>
      unpack(sums, packed, inside, scatter, ridge, inner.shortSums!.blockCount),
  };
}

/** Standardised samples have variance 1 (constant columns 0): whether those within components are shares of it that `keepsWithin` accepts. */
function mayKeepWithin({ nFeatures, whitening }: GaussianDensity): boolean {
  for (let d = 0; d < nFeatures; d++) {
    if (whitening[packedLength(d) + d] ** 2 * LEAST_WITHIN > 1) return false;
  }
  return true;
}

/** Components about W m_k in the coordinates y = W x, W as the device has it. */
function whitenedDensity({ density, rounded }: Packed): GaussianDensity {
  const { nComponents, nFeatures: n } = density;
  const means = new Float64Array(nComponents * n);
  for (let k = 0; k < nComponents; k++) {
    for (let i = 0; i < n; i++) {
      const row = packedLength(i);
      for (let j = 0; j <= i; j++) {
        means[k * n + i] += rounded.whitening[row + j] * density.means[k * n + j];
      }
    }
  }
  return {
    ...density,
    means,
    whitening: new Float64Array(n).fill(1),
    whiteningStride: 0,
    featureConstants: new Float64Array(n),
  };
}

function unpack(
  sums: Float64Array,
  { density, rounded }: Packed,
  inside: Packed,
  scatter: Float64Array,
  { regCovar }: Ridge,
  blockCount: number,
): UnpackedStatistics | undefined {
  const { nComponents, nFeatures: n, means } = density;
  const { componentMass, first: whitened } = readSpherical(sums, inside.rounded, blockCount, false);
  const c = invertLower(rounded.whitening, n);
  const length = n + packedLength(n);
  const out = new Float64Array(nComponents * length);
  // sum (x - m)(x - m)' = sum x x' - sum_k (s m' + m s' - N m m'), s = sum gamma x
  const within = scatter.slice();
  let largest = 0;
  let total = 0;
  let logLikelihoodCorrection = 0;
  for (let k = 0; k < nComponents; k++) {
    const mass = componentMass[k];
    total += mass;
    if (mass > componentMass[largest]) largest = k;
    logLikelihoodCorrection += roundingCorrection(inside, k, mass);
    const mean = k * n;
    const first = k * length;
    for (let i = 0; i < n; i++) {
      const row = packedLength(i);
      let sum = 0;
      for (let j = 0; j <= i; j++) sum += c[row + j] * whitened[mean + j];
      out[first + i] = sum;
    }
    for (let i = 0; i < n; i++) {
      const s = out[first + i] - mass * means[mean + i];
      for (let j = 0; j <= i; j++) {
        within[packedLength(i) + j] -= s * means[mean + j] + means[mean + i] * out[first + j];
      }
    }
    for (let i = 0; i < n; i++) out[first + i] -= mass * means[mean + i];
  }
  if (!keepsWithin(within, scatter, out, componentMass, total, regCovar)) return undefined;
  // the M-step sums the components' scatters: one of them has all
  out.set(within, largest * length + n);
  return {
    statistics: { nComponents, componentMass, sums: out, origin: means },
    logLikelihoodCorrection,
  };
}

/** Whether the variances that the M-step will find keep their share of the samples' own. */
function keepsWithin(
  within: Float64Array,
  scatter: Float64Array,
  sums: Float64Array,
  componentMass: Float64Array,
  total: number,
  regCovar: Float64Array,
): boolean {
  const n = regCovar.length;
  const length = sums.length / componentMass.length;
  const spread = new Float64Array(n * n);
  const floors = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) spread[i * n + j] = within[packedLength(i) + j];
    spread[i * n + i] += total * regCovar[i];
    floors[i] = LEAST_WITHIN * scatter[packedLength(i) + i];
  }
  for (let k = 0; k < componentMass.length; k++) {
    if (componentMass[k] === 0) continue;
    for (let i = 0; i < n; i++) {
      const move = sums[k * length + i] / componentMass[k];
      for (let j = 0; j <= i; j++) spread[i * n + j] -= move * sums[k * length + j];
    }
  }
  return cholesky(spread, 0, n, floors) instanceof Float64Array;
}
