import type { Dataset } from '../em/dataset.ts';
import type { Seam } from '../em/seam.ts';
import type { Parameters } from '../families/family.ts';

/** @internal mean of one number a sample, weighted by the dataset's sample weights */
export function weightedMean(values: Float64Array, { relativeWeights }: Dataset): number {
  let sum = 0;
  for (let n = 0; n < values.length; n++) {
    const weight = relativeWeights ? relativeWeights[n] : 1;
    if (weight > 0) sum += weight * values[n];
  }
  return sum / values.length;
}

/** @internal mean of ln p(x_n), weighted by the dataset's sample weights */
export async function meanLogLikelihood(
  seam: Seam,
  parameters: Parameters,
  dataset: Dataset,
  signal: AbortSignal | undefined,
): Promise<number> {
  // (of a stream nothing of length N is kept)
  if (dataset.streamed) {
    return (await seam.measure(parameters, signal)).logLikelihood / dataset.nSamples;
  }
  return weightedMean(await seam.scoreSamples(parameters, signal), dataset);
}

/** What mixtures of different size are compared by; lower is better for all but the log-likelihood. */
export interface Criteria {
  /** sum_n s_n ln p(x_n | theta), in the user's sample weights. */
  readonly logLikelihood: number;
  /** Bayesian information criterion, -2 l + p ln W (Schwarz 1978); W the total sample weight, N without weights. */
  readonly bic: number;
  /** Akaike information criterion, -2 l + 2 p (Akaike 1974). */
  readonly aic: number;
  /** Integrated completed likelihood, BIC - 2 sum s gamma ln gamma (Biernacki, Celeux and Govaert 2000). */
  readonly icl: number;
}

/** @internal all criteria from one pass over the samples */
export async function measureCriteria(
  seam: Seam,
  parameters: Parameters,
  { totalWeight, nSamples }: Dataset,
  nParameters: number,
  signal: AbortSignal | undefined,
): Promise<Criteria> {
  const measures = await seam.measure(parameters, signal);
  const scale = totalWeight / nSamples;
  const logLikelihood = measures.logLikelihood * scale;
  const bic = -2 * logLikelihood + nParameters * Math.log(totalWeight);
  return {
    logLikelihood,
    bic,
    aic: -2 * logLikelihood + 2 * nParameters,
    icl: bic + 2 * measures.entropy * scale,
  };
}
