import type { Column, SourceData } from '../data/source-data.ts';

/** The columns to colour by: the source's, or where it names none the features. */
export function colourColumns({ columns, featureNames, samples }: SourceData): readonly Column[] {
  return columns.length > 0
    ? columns
    : featureNames.map((name, feature) => new FeatureColumn(name, samples, feature));
}

/** A feature of the samples as a column, copied out when it is first looked at. */
class FeatureColumn implements Column {
  readonly name: string;
  readonly categories = undefined;
  readonly #samples: SourceData['samples'];
  readonly #feature: number;
  #values: Float64Array | undefined;

  constructor(name: string, samples: SourceData['samples'], feature: number) {
    this.name = name;
    this.#samples = samples;
    this.#feature = feature;
  }

  get values(): Float64Array {
    if (!this.#values) {
      const { data, nSamples, nFeatures } = this.#samples;
      this.#values = new Float64Array(nSamples);
      for (let n = 0; n < nSamples; n++) this.#values[n] = data[n * nFeatures + this.#feature];
    }
    return this.#values;
  }
}
