import { MixtureError } from '../errors.ts';

/**
 * Loop iterations that log_density may take. An invocation of shaders/statistics.wgsl runs it for each of the 16 tiles of a slab,
 * beside at most 4 blocks x 64 quads a tile: together under the 65,535 at which llvmpipe silently stops.
 */
const LONGEST_DENSITY = 3800;

/**
 * Refuses samples with more features than a kernel gets through.
 * @throws MixtureError LIMIT_EXCEEDED
 */
export function checkDensityLoops(kind: string, nFeatures: number, iterations: number): void {
  if (iterations <= LONGEST_DENSITY) return;
  const most = Math.floor((nFeatures * LONGEST_DENSITY) / iterations);
  throw new MixtureError(
    'LIMIT_EXCEEDED',
    `${nFeatures} ${kind} features are more than the WebGPU kernels loop over (about ${most}).`,
    'Use fewer features, or the CPU (backend: "cpu").',
    { nFeatures, limit: most },
  );
}
