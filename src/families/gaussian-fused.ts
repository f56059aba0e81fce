import diagonal from '../../shaders/families/gaussian-diag-fused.wgsl?raw';
import full from '../../shaders/families/gaussian-full-fused.wgsl?raw';
import { packedLength } from './cholesky.ts';
import type { SumsForm } from './device-twin.ts';

/** Features that the fused E-step keeps of a sample in registers: one block of four. */
const MOST_FEATURES = 4;

/** Whitened sums of a full covariance (shaders/families/gaussian-full-fused.wgsl); D vec4s hold those of D features. */
export function fusedTriangles(nFeatures: number): { fusedSums?: SumsForm } {
  if (nFeatures > MOST_FEATURES) return {};
  return {
    fusedSums: {
      ...fused,
      shader: full,
      blockVectors: nFeatures,
      arrange: (totals, nComponents) => arrangeTriangles(totals, nComponents, nFeatures),
    },
  };
}

/** Sums of a diagonal one (shaders/families/gaussian-diag-fused.wgsl): the mass and two numbers a feature. */
export function fusedDiagonals(nFeatures: number): { fusedSums?: SumsForm } {
  if (nFeatures > MOST_FEATURES) return {};
  const blockVectors = Math.ceil((1 + 2 * nFeatures) / 4);
  return {
    fusedSums: {
      ...fused,
      shader: diagonal,
      blockVectors,
      arrange: (totals, nComponents) =>
        arrangeDiagonals(totals, nComponents, nFeatures, blockVectors),
    },
  };
}

const fused = { name: 'fused', kernel: 'fused', components: 1, blockCount: 1 } as const;

/** Where the fused sums have y_i, i < 4, and the products y_i y_j, j <= i (packed). */
const FIRST = [1, 2, 6, 10];
const SECOND = [3, 4, 5, 7, 8, 9, 11, 12, 13, 14];

/** As the whitened form has them: four columns of second moments, the first moments, the mass. */
function arrangeTriangles(totals: Float64Array, nComponents: number, n: number): Float64Array {
  const out = new Float64Array(nComponents * 24);
  for (let k = 0; k < nComponents; k++) {
    const from = k * 4 * n;
    const to = k * 24;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        const value = totals[from + SECOND[packedLength(i) + j]];
        out[to + 4 * j + i] = value;
        out[to + 4 * i + j] = value;
      }
      out[to + 16 + i] = totals[from + FIRST[i]];
    }
    out[to + 20] = totals[from];
  }
  return out;
}

/** As the diagonal form has them: first moments, second moments, the mass. */
function arrangeDiagonals(
  totals: Float64Array,
  nComponents: number,
  n: number,
  vectors: number,
): Float64Array {
  const out = new Float64Array(nComponents * 12);
  for (let k = 0; k < nComponents; k++) {
    const from = k * 4 * vectors;
    const to = k * 12;
    for (let i = 0; i < n; i++) {
      out[to + i] = totals[from + 1 + 2 * i];
      out[to + 4 + i] = totals[from + 2 + 2 * i];
    }
    out[to + 8] = totals[from];
  }
  return out;
}
