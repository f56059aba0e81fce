/** Eigenvectors with the largest eigenvalues, largest first. */
export interface Eigenvectors {
  readonly values: readonly number[];
  /** Of length 1; the sign is such that the largest entry is positive, so that the same matrix always looks the same. */
  readonly vectors: readonly Float64Array[];
}

/** Rotations cost D^3 a sweep: a fifth of a second here. Beyond it a few vectors are iterated. */
const MOST_ROTATED = 128;
const MOST_SWEEPS = 60;
const BLOCK = 8;
const MOST_ITERATIONS = 400;
/** Of the largest eigenvalue. */
const RESIDUAL = 1e-11;

/** The `wanted` (at most 8) leading eigenvectors of a symmetric matrix, n x n row-major and not changed. */
export function leadingEigenvectors(matrix: Float64Array, n: number, wanted: number): Eigenvectors {
  const all = n <= MOST_ROTATED ? rotated(matrix, n) : iterated(matrix, n, wanted);
  const order = all.values
    .map((value, i) => ({ value, i }))
    .sort((a, b) => b.value - a.value)
    .slice(0, Math.min(n, wanted));
  return {
    values: order.map(({ value }) => value),
    vectors: order.map(({ i }) => withFixedSign(all.vectors[i])),
  };
}

/** Cyclic Jacobi: every pair of rows is rotated until nothing is left beside the diagonal. */
function rotated(matrix: Float64Array, n: number): Eigenvectors {
  const a = Float64Array.from(matrix);
  const vectors = Array.from({ length: n }, (_, i) => unit(n, i));
  const total = Math.hypot(...Array.from({ length: n }, (_, i) => a[i * n + i])) || 1;
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let beside = 0;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        beside = Math.max(beside, Math.abs(a[p * n + q]));
        rotate(a, n, p, q, vectors);
      }
    }
    if (beside <= 1e-16 * total) break;
  }
  return { values: Array.from({ length: n }, (_, i) => a[i * n + i]), vectors };
}

/** Makes a[p][q] nothing by the smaller of the two rotations that do. */
function rotate(a: Float64Array, n: number, p: number, q: number, vectors: Float64Array[]): void {
  const apq = a[p * n + q];
  if (apq === 0) return;
  const theta = (a[q * n + q] - a[p * n + p]) / (2 * apq);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let i = 0; i < n; i++) {
    const ip = a[i * n + p];
    const iq = a[i * n + q];
    a[i * n + p] = c * ip - s * iq;
    a[i * n + q] = s * ip + c * iq;
  }
  for (let i = 0; i < n; i++) {
    const pi = a[p * n + i];
    const qi = a[q * n + i];
    a[p * n + i] = c * pi - s * qi;
    a[q * n + i] = s * pi + c * qi;
    const vp = vectors[p][i];
    const vq = vectors[q][i];
    vectors[p][i] = c * vp - s * vq;
    vectors[q][i] = s * vp + c * vq;
  }
}

/** Subspace iteration with Rayleigh-Ritz: a block of vectors is multiplied, made orthonormal and turned to its own eigenvectors. */
function iterated(matrix: Float64Array, n: number, wanted: number): Eigenvectors {
  // any start that is not orthogonal to what is looked for does; this one is the same every time
  let block: Float64Array[] = Array.from({ length: BLOCK }, (_, b) =>
    Float64Array.from({ length: n }, (_, i) => Math.cos(1 + (b + 1) * (i + 1) * 0.618)),
  );
  orthonormalise(block);
  for (let iteration = 0; ; iteration++) {
    const images = block.map((vector) => times(matrix, n, vector));
    const small = Float64Array.from({ length: BLOCK * BLOCK }, (_, i) =>
      inner(block[Math.floor(i / BLOCK)], images[i % BLOCK]),
    );
    const { values, vectors } = leadingEigenvectors(small, BLOCK, BLOCK);
    const ritz = vectors.map((weights) => combination(block, weights));
    const ritzImages = vectors.map((weights) => combination(images, weights));
    const settled = values.slice(0, wanted).every((value, i) => {
      const off = ritz[i].map((entry, d) => ritzImages[i][d] - value * entry);
      return Math.sqrt(inner(off, off)) <= RESIDUAL * Math.abs(values[0]);
    });
    if (settled || iteration === MOST_ITERATIONS) return { values, vectors: ritz };
    block = ritzImages;
    orthonormalise(block);
  }
}

/** Gram-Schmidt, twice; a vector that depends on the former ones is replaced by an axis. */
function orthonormalise(block: Float64Array[]): void {
  block.forEach((vector, b) => {
    for (let axis = b; ; axis++) {
      const before = Math.sqrt(inner(vector, vector));
      for (let round = 0; round < 2; round++) {
        for (const other of block.slice(0, b)) {
          const along = inner(other, vector);
          for (let d = 0; d < vector.length; d++) vector[d] -= along * other[d];
        }
      }
      const length = Math.sqrt(inner(vector, vector));
      if (length > 1e-12 * before) {
        for (let d = 0; d < vector.length; d++) vector[d] /= length;
        return;
      }
      vector.set(unit(vector.length, axis % vector.length));
    }
  });
}

function times(matrix: Float64Array, n: number, vector: Float64Array): Float64Array {
  const product = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += matrix[i * n + j] * vector[j];
    product[i] = sum;
  }
  return product;
}

function combination(vectors: readonly Float64Array[], weights: Float64Array): Float64Array {
  const sum = new Float64Array(vectors[0].length);
  vectors.forEach((vector, b) => {
    for (let d = 0; d < sum.length; d++) sum[d] += weights[b] * vector[d];
  });
  return sum;
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += a[d] * b[d];
  return sum;
}

function unit(n: number, axis: number): Float64Array {
  const vector = new Float64Array(n);
  vector[axis] = 1;
  return vector;
}

function withFixedSign(vector: Float64Array): Float64Array {
  let largest = 0;
  for (const entry of vector) {
    if (Math.abs(entry) > Math.abs(largest) * (1 + 1e-9)) largest = entry;
  }
  return largest < 0 ? vector.map((entry) => -entry) : vector;
}
