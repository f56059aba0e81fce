import { readRows, slabRows, type Samples } from '../data/samples.ts';
import type { Dataset } from '../em/dataset.ts';
import { MissingReference } from '../em/reference-missing.ts';
import { inTurns, type Steps } from '../data/pause.ts';
import type { Seam } from '../em/seam.ts';
import type { Family, Parameters } from '../families/family.ts';

/** Samples without missing entries, row-major. */
export interface ImputedSamples {
  /** float64 where the samples were, else float32. */
  readonly data: Float32Array | Float64Array;
  /** N. */
  readonly nSamples: number;
  /** D. */
  readonly nFeatures: number;
}

/**
 * Fills missing entries by E[x_d | observed] = sum_k gamma_nk E[x_d | observed, k] (mixtures.md; Little and Rubin ch. 11 where
 * features have covariances).
 * @param parameters in the family's coordinates
 * @param given the same in the user's units
 */
export async function imputeEntries(
  seam: Seam,
  family: Family,
  parameters: Parameters,
  given: Parameters,
  dataset: Dataset,
  signal: AbortSignal | undefined,
): Promise<ImputedSamples> {
  const { samples, nSamples, nFeatures } = dataset;
  const data = await inTurns(copyValues(samples), signal);
  const imputed = { data, nSamples, nFeatures };
  if (samples.missing === 0) return imputed;
  if (seam instanceof MissingReference) {
    await seam.forEachConditionalMean(
      parameters,
      (n, d, value) => (data[n * nFeatures + d] = value),
      signal,
    );
    return imputed;
  }
  const nComponents = given.weights.length;
  const means = family.expectation(given, nFeatures);
  const categories = Array.from({ length: nFeatures }, (_, d) =>
    family.categoryProbabilities?.(given, d, nFeatures),
  );
  await seam.forEachResponsibilities(
    parameters,
    (first, count, rows) => {
      for (let i = 0; i < count; i++) {
        const gamma = rows.subarray(i * nComponents, (i + 1) * nComponents);
        for (let d = 0, at = (first + i) * nFeatures; d < nFeatures; d++, at++) {
          if (data[at] === data[at]) continue;
          const table = categories[d];
          data[at] = table
            ? mostProbable(mixCategories(gamma, table))
            : mixMeans(gamma, means, d, nFeatures);
        }
      }
    },
    signal,
  );
  return imputed;
}

/** sum_k gamma_k p(c | k), C. @param table K x C */
export function mixCategories(
  gamma: Float32Array | Float64Array,
  table: Float64Array,
): Float64Array {
  const nCategories = table.length / gamma.length;
  const mixed = new Float64Array(nCategories);
  for (let k = 0, i = 0; k < gamma.length; k++) {
    for (let c = 0; c < nCategories; c++, i++) mixed[c] += gamma[k] * table[i];
  }
  return mixed;
}

function mostProbable(probabilities: Float64Array): number {
  return probabilities.indexOf(Math.max(...probabilities));
}

function mixMeans(
  gamma: Float32Array | Float64Array,
  means: Float64Array,
  feature: number,
  nFeatures: number,
): number {
  let mean = 0;
  for (let k = 0; k < gamma.length; k++) mean += gamma[k] * means[k * nFeatures + feature];
  return mean;
}

/** The values as given, NaN where missing. */
function* copyValues(samples: Samples): Steps<Float32Array | Float64Array> {
  const { nSamples, nFeatures, data: given } = samples;
  const size = nSamples * nFeatures;
  const wide = given !== undefined && !(given instanceof Float32Array);
  const data = wide ? new Float64Array(size) : new Float32Array(size);
  const rows = new Float64Array(slabRows(nFeatures) * nFeatures);
  const step = rows.length / nFeatures;
  for (let first = 0; first < nSamples; first += step, yield) {
    const count = Math.min(step, nSamples - first);
    readRows(samples, first, count, rows);
    data.set(rows.subarray(0, count * nFeatures), first * nFeatures);
  }
  return data;
}
