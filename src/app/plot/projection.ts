/** How samples of D features lie in the plane: two rows of a linear map, in the user's units. */
export interface Projection {
  /** `axes`: two features as they are; `pca`: the first two principal components of the samples. */
  readonly kind: 'axes' | 'pca';
  /** D: the horizontal place of a sample is sum_d x[d] (sample[d] - origin[d]). */
  readonly x: Float64Array;
  /** D, likewise; undefined where the samples have one feature and heights mean nothing. */
  readonly y: Float64Array | undefined;
  /** D; zero for `axes`. */
  readonly origin: Float64Array;
  readonly xName: string;
  readonly yName: string | undefined;
}

/** Two features as they are; y is undefined where the samples have one. */
export function axesProjection(
  featureNames: readonly string[],
  x: number,
  y: number | undefined,
): Projection {
  const unit = (feature: number) =>
    Float64Array.from(featureNames, (_, d) => (d === feature ? 1 : 0));
  return {
    kind: 'axes',
    x: unit(x),
    y: y === undefined ? undefined : unit(y),
    origin: new Float64Array(featureNames.length),
    xName: featureNames[x],
    yName: y === undefined ? undefined : featureNames[y],
  };
}
