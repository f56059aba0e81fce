import shader from '../../shaders/families/gaussian-spherical-moments.wgsl?raw';
import { blocksOf, LOST_SPREAD } from './device-layout.ts';
import type { PackedDensity, Ridge, ShortForm } from './device-twin.ts';
import type { GaussianDensity } from './gaussian.ts';
import { unpackDiagonal, type DiagonalSums } from './gaussian-diag-unpack.ts';

/** vec4s of a block: first moments of eight features, squares in four parts, the mass. */
const VECTORS = 4;

/** Sums that one variance for all features needs: shaders/families/gaussian-spherical-moments.wgsl. */
export function sphericalSums(nFeatures: number): ShortForm<GaussianDensity> {
  const blockCount = Math.ceil(blocksOf(nFeatures) / 2);
  return {
    name: 'spherical',
    shader,
    kernel: 'moments',
    components: 4,
    blockCount,
    blockVectors: VECTORS,
    keepsLogJoint: true,
    suits: (_density, _variances, split) => !split,
    unpack(sums, packed, ridge) {
      const moments = readSpherical(sums, packed.rounded, blockCount, true);
      return keepsSpread(moments, packed, ridge) ? unpackDiagonal(moments, packed) : undefined;
    },
  };
}

/**
 * Moments of whitened residuals. A feature's own second moment is not known: its share of all is the same for each.
 * @param centred whether first moments are about the means, or of the samples as they are
 */
export function readSpherical(
  sums: Float64Array,
  { nComponents, nFeatures, means, whitening, whiteningStride }: GaussianDensity,
  blockCount: number,
  centred: boolean,
): DiagonalSums {
  const componentMass = new Float64Array(nComponents);
  const first = new Float64Array(nComponents * nFeatures);
  const second = new Float64Array(nComponents * nFeatures);
  for (let k = 0, i = 0; k < nComponents; k++) {
    const at = k * blockCount * VECTORS * 4;
    const mass = sums[at + 12];
    const square = sums[at + 8] + sums[at + 9] + sums[at + 10] + sums[at + 11];
    componentMass[k] = mass;
    for (let d = 0; d < nFeatures; d++, i++) {
      const sum = sums[at + (d >> 3) * VECTORS * 4 + (d & 7)];
      const about = centred ? mass * means[i] : 0;
      first[i] = (sum - about) * whitening[k * whiteningStride + d];
      second[i] = square / nFeatures;
    }
  }
  return { componentMass, first, second, observed: undefined };
}

/** Whether sums about the old means, of old spreads, tell the new spreads: see LOST_SPREAD. */
function keepsSpread(
  { componentMass, first, second }: DiagonalSums,
  { rounded }: PackedDensity<GaussianDensity>,
  { regCovar, whitening: standard }: Ridge,
): boolean {
  const { nComponents, nFeatures, whiteningStride } = rounded;
  let square = 0;
  let variance = 0;
  let added = 0;
  const kept = (): boolean => !(square > LOST_SPREAD * added && variance < LOST_SPREAD * square);
  for (let k = 0, i = 0; k < nComponents; k++) {
    if (whiteningStride > 0) square = variance = added = 0;
    const mass = componentMass[k];
    for (let d = 0; d < nFeatures; d++, i++) {
      if (mass === 0) continue;
      const ridge = regCovar[d] * standard[k * whiteningStride + d] ** 2;
      added += mass;
      square += second[i];
      variance += second[i] - (first[i] * first[i]) / mass + mass * ridge;
    }
    if (whiteningStride > 0 && !kept()) return false;
  }
  return kept();
}
