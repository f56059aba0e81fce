import { grouped } from './format.ts';

/** Mixtures that other programs have too. */
export type Model = 'full' | 'tied' | 'diag' | 'spherical' | 'bernoulli';

/** One problem's size. */
export interface Shape {
  readonly model: Model;
  readonly nSamples: number;
  readonly nFeatures: number;
  readonly nComponents: number;
}

/** What this bench measures beside mixtures: k-means, whose components are its clusters. */
export type BenchShape = Omit<Shape, 'model'> & { readonly model: Model | 'kmeans' };

/** Where a shape is measured: hardware adapters only, where a software adapter would take minutes an iteration. */
export type Listed<S> = S & { readonly hardwareOnly?: true };

/** The shapes that this library and its peers are compared at. */
export const SHAPES: readonly Listed<Shape>[] = [
  shape('full', 10_000, 8, 4),
  shape('full', 1_000_000, 2, 8),
  shape('full', 1_000_000, 8, 16),
  shape('full', 100_000, 32, 16),
  shape('full', 65_536, 32, 64),
  shape('diag', 1_000_000, 64, 64),
  { ...shape('spherical', 1_000_000, 128, 1024), hardwareOnly: true },
  shape('bernoulli', 60_000, 784, 10),
  shape('bernoulli', 60_000, 784, 100),
];

/**
 * Shapes that complete the picture: the gates' own (D = K = 16, and D, K >= 64), the models that the list above lacks, and the
 * largest that must run within a binding of 1 GiB.
 */
export const OWN_SHAPES: readonly Listed<BenchShape>[] = [
  shape('full', 65_536, 16, 16),
  { ...shape('full', 1_000_000, 16, 16), hardwareOnly: true },
  { ...shape('full', 100_000, 64, 64), hardwareOnly: true },
  shape('tied', 100_000, 32, 16),
  shape('spherical', 100_000, 64, 64),
  shape('kmeans', 1_000_000, 8, 16),
  shape('kmeans', 100_000, 64, 64),
  { ...shape('tied', 1_000_000, 64, 64), hardwareOnly: true },
  { ...shape('diag', 100_000, 1024, 1024), hardwareOnly: true },
];

/** One mixture over more and more samples: the time per sample should stay the same. */
export interface Growth {
  readonly shapes: readonly Listed<Shape>[];
}

export const GROWTH: readonly Growth[] = [growth(2, 8), growth(8, 8)];

/** To see whether the bench itself works. */
export const QUICK_SHAPES: readonly BenchShape[] = [
  shape('full', 2_000, 2, 3),
  shape('tied', 2_000, 4, 3),
  shape('diag', 2_000, 8, 4),
  shape('spherical', 2_000, 8, 4),
  shape('bernoulli', 2_000, 40, 3),
  shape('kmeans', 2_000, 4, 3),
];
export const QUICK_GROWTH: readonly Growth[] = [
  { shapes: [shape('full', 1_000, 2, 3), shape('full', 4_000, 2, 3)] },
];

/** A shape as one word, for `--rows` and for files: full-1000000x8-k16. */
export function shapeName({ model, nSamples, nFeatures, nComponents }: BenchShape): string {
  return `${model}-${nSamples}x${nFeatures}-k${nComponents}`;
}

/** A shape as a reader wants it: full, 1,000,000 × 8, K = 16. */
export function describeShape({ model, nSamples, nFeatures, nComponents }: BenchShape): string {
  return `${model}, ${grouped(nSamples)} × ${nFeatures}, K = ${nComponents}`;
}

function growth(nFeatures: number, nComponents: number): Growth {
  const at = (nSamples: number): Shape => shape('full', nSamples, nFeatures, nComponents);
  const most = at(10_000_000);
  // eight features: 16 gigaflop an iteration
  const listed = nFeatures > 2 ? { ...most, hardwareOnly: true as const } : most;
  return { shapes: [at(100_000), at(1_000_000), listed] };
}

function shape<M extends BenchShape['model']>(
  model: M,
  nSamples: number,
  nFeatures: number,
  nComponents: number,
): Omit<Shape, 'model'> & { readonly model: M } {
  return { model, nSamples, nFeatures, nComponents };
}
