/**
 * Lower-triangular matrices are packed by rows: element (i, j), j <= i, at i (i + 1) / 2 + j.
 */
export const packedLength = (n: number): number => (n * (n + 1)) / 2;

/** Where a factorisation stopped: the pivot (a conditional variance) and its row. */
export interface FailedPivot {
  readonly row: number;
  readonly pivot: number;
}

/**
 * Cholesky factor C of a symmetric positive definite matrix A = C C', in float64, packed.
 * A pivot is the variance of feature i given features 0 .. i - 1. It is refused where it is no larger than `floors[i]`, or
 * than the rounding that the subtraction leaves (8 n eps of A_ii): such a matrix is singular as far as float64 can tell.
 * @param a row-major n x n, starting at `offset`; only the lower triangle is read
 */
export function cholesky(
  a: Float64Array,
  offset: number,
  n: number,
  floors: ArrayLike<number>,
): Float64Array | FailedPivot {
  const c = new Float64Array(packedLength(n));
  for (let i = 0; i < n; i++) {
    const rowI = packedLength(i);
    const diagonal = a[offset + i * n + i];
    for (let j = 0; j <= i; j++) {
      const rowJ = packedLength(j);
      let sum = a[offset + i * n + j];
      for (let m = 0; m < j; m++) sum -= c[rowI + m] * c[rowJ + m];
      if (j < i) {
        c[rowI + j] = sum / c[rowJ + j];
      } else {
        const rounding = 8 * n * Number.EPSILON * diagonal;
        if (!(sum > floors[i] && sum > rounding && sum < Infinity)) return { row: i, pivot: sum };
        c[rowI + i] = Math.sqrt(sum);
      }
    }
  }
  return c;
}

/** Inverse of a packed lower-triangular matrix starting at `offset`, itself lower triangular and packed. */
export function invertLower(c: Float64Array, n: number, offset = 0): Float64Array {
  const w = new Float64Array(packedLength(n));
  // row by row, each a sum of rows above it: memory is read in order
  for (let i = 0, row = 0; i < n; row += ++i) {
    for (let m = 0, above = 0; m < i; above += ++m) {
      const factor = c[offset + row + m];
      for (let j = 0; j <= m; j++) w[row + j] -= factor * w[above + j];
    }
    const diagonal = c[offset + row + i];
    for (let j = 0; j < i; j++) w[row + j] /= diagonal;
    w[row + i] = 1 / diagonal;
  }
  return w;
}

/** A = W' W for a packed lower-triangular W: the inverse of C C' when W is the inverse of C. Row-major n x n. */
export function gram(w: Float64Array, n: number): Float64Array {
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let m = i; m < n; m++) sum += w[packedLength(m) + i] * w[packedLength(m) + j];
      a[i * n + j] = sum;
      a[j * n + i] = sum;
    }
  }
  return a;
}
