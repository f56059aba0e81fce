/** Sweeps double the digits once they converge: 4 to 8 do for any order; more say that something else is wrong. */
const MOST_SWEEPS = 40;

/**
 * Eigenvalues of a covariance (symmetric, positive semidefinite), ascending, in float64: a Cholesky factor A = C C' with
 * pivoting, then one-sided Jacobi rotations until its columns are orthogonal; the eigenvalues are their squared lengths (Veselic and
 * Hari 1989). So small ones are right to their own digits, whatever the units of the features (Demmel and Veselic 1992): QR would
 * give them to the digits of the largest. 0 where float64 cannot tell the matrix from a singular one.
 * @param a row-major n x n, not changed; n = 64 takes about 20 ms, n = 512 some seconds
 * @param pause called often; awaited where it gives a promise
 */
export async function covarianceEigenvalues(
  a: Float64Array,
  n: number,
  pause?: () => Promise<void> | undefined,
): Promise<Float64Array> {
  const columns = pivotedFactor(a, n);
  const lengths = columns.map((column) => dot(column, column));
  for (let sweep = 0, turned = true; turned && sweep < MOST_SWEEPS; sweep++) {
    turned = false;
    for (let p = 0; p < columns.length - 1; p++) {
      for (let q = p + 1; q < columns.length; q++) {
        const [x, y] = [columns[p], columns[q]];
        const product = dot(x, y);
        if (Math.abs(product) <= 2 * Number.EPSILON * Math.sqrt(lengths[p] * lengths[q])) continue;
        turned = true;
        const zeta = (lengths[q] - lengths[p]) / (2 * product);
        const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        const c = 1 / Math.hypot(1, t);
        rotate(x, y, c, t * c);
        lengths[p] -= t * product;
        lengths[q] += t * product;
      }
      await pause?.();
    }
    // (sums of small changes drift)
    columns.forEach((column, i) => (lengths[i] = dot(column, column)));
  }
  return Float64Array.from({ length: n }, (_, i) => lengths[i] ?? 0).toSorted((x, y) => x - y);
}

/** Columns of C with A = P C C' P', the largest pivot first, as far as pivots are more than rounding: rank(A) of them. */
function pivotedFactor(a: Float64Array, n: number): Float64Array[] {
  const rounding = 8 * n * Number.EPSILON;
  const open = new Set(Array.from({ length: n }, (_, i) => i));
  const rest = Float64Array.from(open, (i) => a[i * n + i]);
  const columns: Float64Array[] = [];
  for (;;) {
    let pivot = -1;
    for (const i of open) {
      if (!(rest[i] > rounding * a[i * n + i])) open.delete(i);
      else if (pivot < 0 || rest[i] > rest[pivot]) pivot = i;
    }
    if (pivot < 0) return columns;
    open.delete(pivot);
    // entries stay where their feature is: the order of rows does not matter to lengths
    const column = new Float64Array(n);
    const root = Math.sqrt(rest[pivot]);
    column[pivot] = root;
    for (const i of open) {
      let sum = a[i * n + pivot];
      for (const done of columns) sum -= done[i] * done[pivot];
      column[i] = sum / root;
      rest[i] -= column[i] ** 2;
    }
    columns.push(column);
  }
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}

function rotate(x: Float64Array, y: Float64Array, c: number, s: number): void {
  for (let i = 0; i < x.length; i++) {
    const xi = x[i];
    x[i] = c * xi - s * y[i];
    y[i] = s * xi + c * y[i];
  }
}
