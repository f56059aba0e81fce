/** Small dense matrices in float64, n x n, row-major. */

/**
 * The lower factor of a symmetric matrix.
 * @param least pivots at most this share of their diagonal entry count as none: float64 leaves nothing of them
 * @returns undefined where the matrix is not positive definite
 */
export function cholesky(matrix: Float64Array, n: number, least = 1e-12): Float64Array | undefined {
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j];
      for (let k = 0; k < j; k++) sum -= factor[i * n + k] * factor[j * n + k];
      if (j < i) {
        factor[i * n + j] = sum / factor[j * n + j];
      } else {
        // (written so that NaN is refused too)
        if (!(sum > least * matrix[i * n + i]) || !(sum < Infinity)) return undefined;
        factor[i * n + i] = Math.sqrt(sum);
      }
    }
  }
  return factor;
}

/** ln det of a positive definite matrix; -Infinity of one that is not. */
export function logDeterminant(matrix: Float64Array, n: number): number {
  const factor = cholesky(matrix, n, 0);
  if (!factor) return -Infinity;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += 2 * Math.log(factor[i * n + i]);
  return sum;
}

export function multiply(matrix: Float64Array, vector: Float64Array): Float64Array {
  const n = vector.length;
  const product = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) product[i] += matrix[i * n + j] * vector[j];
  }
  return product;
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
