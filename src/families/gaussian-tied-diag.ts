import { diagonalFamily } from './gaussian-diagonal.ts';

/** Gaussian with one variance for each feature, the same in all components: the mean of the diagonal updates, weighted by mass. */
export const gaussianTiedDiag = diagonalFamily('gaussian-tied-diag', {
  components: true,
  features: false,
});
