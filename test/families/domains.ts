/** Sums and integrals over supports: points with weights, one axis a column. */

/** Points of one column and what each counts. */
export interface Axis {
  readonly points: readonly number[];
  readonly weights: readonly number[];
}

/** The whole numbers 0 .. most. */
export function whole(most: number): Axis {
  const points = Array.from({ length: most + 1 }, (_, i) => i);
  return { points, weights: points.map(() => 1) };
}

/** The real line by the trapezoidal rule, which is exact to e^(-2 pi^2 sigma^2 / step^2) for a normal density. */
export function line(from: number, to: number, step: number): Axis {
  const points = Array.from(
    { length: Math.round((to - from) / step) + 1 },
    (_, i) => from + i * step,
  );
  return { points, weights: points.map(() => step) };
}

/** The positive half line: the trapezoidal rule in t = ln x, dx = x dt. */
export function halfLine(from = -30, to = 6, step = 0.35): Axis {
  const { points } = line(from, to, step);
  return { points: points.map(Math.exp), weights: points.map((t) => step * Math.exp(t)) };
}

/** Every sample of a product of axes, and its weight. The array is used again. */
export function* product(axes: readonly Axis[]): Generator<[sample: Float64Array, weight: number]> {
  const sample = new Float64Array(axes.length);
  const at = axes.map(() => 0);
  for (;;) {
    let weight = 1;
    axes.forEach(({ points, weights }, d) => {
      sample[d] = points[at[d]];
      weight *= weights[at[d]];
    });
    yield [sample, weight];
    let d = 0;
    while (d < axes.length && ++at[d] === axes[d].points.length) at[d++] = 0;
    if (d === axes.length) return;
  }
}

/** Every way to part `total` trials among `nFeatures` categories. */
export function* compositions(
  total: number,
  nFeatures: number,
): Generator<[sample: Float64Array, weight: number]> {
  const axes = Array.from({ length: nFeatures }, () => whole(total));
  for (const [sample, weight] of product(axes)) {
    if (sample.reduce((sum, x) => sum + x, 0) === total) yield [sample, weight];
  }
}
