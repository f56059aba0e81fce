import type { Context, Dataset, GaussianMixture } from '../../index.ts';
import type { SourceData } from '../data/source-data.ts';
import type { RecipeSource } from './recipe-of.ts';

/** A mixture with the samples that it is shown on. */
export interface Fitted {
  readonly mixture: GaussianMixture;
  readonly data: SourceData;
  readonly dataset: Dataset;
  readonly context: Context;
}

/** Where the results come from: the session. */
export interface FittedSource extends RecipeSource {
  readonly mixture: GaussianMixture | undefined;
  /** Asks something of the mixture shown, between two iterations; undefined where there is none. */
  ask<T>(question: (fitted: Fitted) => Promise<T>): Promise<T | undefined>;
  /** Shows a mixture that was read from a file. */
  choose(mixture: GaussianMixture): void;
}
