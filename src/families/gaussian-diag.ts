import { diagonalFamily } from './gaussian-diagonal.ts';

/** Gaussian with independent features: the diagonal of the full update. */
export const gaussianDiag = diagonalFamily('gaussian-diag', { components: false, features: false });
