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
  /** Whether a sample has no place where an entry is missing; else the entry counts as its column's mean. An axis has none either way. */
  readonly leavesOut?: boolean | undefined;
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

/** One direction of a projection, for loops over many samples: only the features that count in it. */
export class Direction {
  readonly #features: Int32Array;
  readonly #factors: Float64Array;
  readonly #origin: Float64Array;
  readonly #fillsIn: boolean;
  /** The feature that is the direction, as it is; -1 where it is another one: for the loops over millions of samples. */
  readonly feature: number;

  /** @param direction D, one of the projection's two */
  constructor(projection: Projection, direction: Float64Array) {
    const features = Array.from(direction.keys()).filter((d) => direction[d] !== 0);
    this.#features = Int32Array.from(features);
    this.#factors = Float64Array.from(features, (d) => direction[d]);
    this.#origin = Float64Array.from(features, (d) => projection.origin[d]);
    // (the mean is the origin of principal components)
    this.#fillsIn = projection.kind === 'pca' && !projection.leavesOut;
    const plain = features.length === 1 && this.#factors[0] === 1 && this.#origin[0] === 0;
    this.feature = plain && !this.#fillsIn ? features[0] : -1;
  }

  /** Where the sample that begins at data[row] lies; NaN where it is missing. */
  at(data: Float32Array | Float64Array, row: number): number {
    const features = this.#features;
    let sum = 0;
    for (let i = 0; i < features.length; i++) {
      const term = this.#factors[i] * (data[row + features[i]] - this.#origin[i]);
      if (term === term || !this.#fillsIn) sum += term;
    }
    return sum;
  }
}
