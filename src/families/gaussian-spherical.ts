import { diagonalFamily } from './gaussian-diagonal.ts';

/** Gaussian with one variance for each component, in the user's units: the mean over features of the diagonal update. */
export const gaussianSpherical = diagonalFamily('gaussian-spherical', {
  components: false,
  features: true,
});
