import type { Dataset } from '../em/dataset.ts';
import type { Seam } from '../em/seam.ts';
import type { Parameters } from '../families/family.ts';

/** Mean of one number a sample, weighted by the dataset's sample weights. */
export function weightedMean(values: Float64Array, { relativeWeights }: Dataset): number {
  let sum = 0;
  for (let n = 0; n < values.length; n++) {
    const weight = relativeWeights ? relativeWeights[n] : 1;
    if (weight > 0) sum += weight * values[n];
  }
  return sum / values.length;
}

/** -sum_n s_n sum_k gamma_nk ln gamma_nk, in the user's sample weights: how undecided the assignments are. */
export async function entropy(
  seam: Seam,
  parameters: Parameters,
  { relativeWeights, totalWeight, nSamples }: Dataset,
  signal: AbortSignal | undefined,
): Promise<number> {
  const nComponents = parameters.weights.length;
  let sum = 0;
  await seam.forEachResponsibilities(
    parameters,
    (first, count, rows) => {
      for (let i = 0; i < count * nComponents; i++) {
        if (rows[i] <= 0) continue;
        const n = first + Math.floor(i / nComponents);
        sum -= (relativeWeights ? relativeWeights[n] : 1) * rows[i] * Math.log(rows[i]);
      }
    },
    signal,
  );
  return (sum * totalWeight) / nSamples;
}
