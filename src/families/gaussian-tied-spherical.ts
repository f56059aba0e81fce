import { diagonalFamily } from './gaussian-diagonal.ts';

/** Gaussian with one variance for everything, in the user's units. Of equal weights and hard assignments, it is k-means. */
export const gaussianTiedSpherical = diagonalFamily('gaussian-tied-spherical', {
  components: true,
  features: true,
});
