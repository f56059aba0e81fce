import type { Dataset } from '../em/dataset.ts';
import { inTurns, type Steps } from '../data/pause.ts';
import type { Seam } from '../em/seam.ts';
import type { Parameters } from '../families/family.ts';
import { readResponsibilities, type NumberArray } from './arrays.ts';

/** The q that `evidence` is asked for. */
export interface EvidenceOptions {
  /** q, N x K, rows sum to 1. Default: the posterior p(z | x, theta). */
  readonly responsibilities?: NumberArray | undefined;
}

/** l = L(q, theta) + KL(q || p(z | x, theta)): totals over the samples, in nats. */
export interface Evidence {
  /** l = sum_n s_n ln p(x_n | theta). */
  readonly logLikelihood: number;
  /** L(q, theta) = sum_n s_n sum_k q_nk (ln pi_k + ln p(x_n | theta_k) - ln q_nk); never above l. */
  readonly lowerBound: number;
  /** KL(q || p) = sum_n s_n sum_k q_nk (ln q_nk - ln gamma_nk); never below 0. */
  readonly divergence: number;
}

/**
 * L and KL are summed apart, each from its own definition: that they add up to l is a check of all three, not an identity
 * of the code.
 */
export async function measureEvidence(
  seam: Seam,
  parameters: Parameters,
  dataset: Dataset,
  nComponents: number,
  options: EvidenceOptions & { signal?: AbortSignal | undefined },
): Promise<Evidence> {
  const { nSamples, relativeWeights, totalWeight } = dataset;
  const q = options.responsibilities
    ? await inTurns(readShares(options.responsibilities, nSamples, nComponents), options.signal)
    : undefined;
  const scores = await seam.scoreSamples(parameters, options.signal);
  let logLikelihood = 0;
  let lowerBound = 0;
  let divergence = 0;
  await seam.forEachResponsibilities(
    parameters,
    (first, count, logarithms) => {
      for (let i = 0; i < count; i++) {
        const n = first + i;
        const weight = relativeWeights ? relativeWeights[n] : 1;
        if (weight === 0) continue;
        logLikelihood += weight * scores[n];
        for (let k = 0; k < nComponents; k++) {
          const logGamma = logarithms[i * nComponents + k];
          const share = q ? q[n * nComponents + k] : Math.exp(logGamma);
          if (share <= 0) continue;
          const logShare = q ? Math.log(share) : logGamma;
          // ln pi_k + ln p(x | k) = ln gamma + ln p(x)
          lowerBound += weight * share * (logGamma + scores[n] - logShare);
          divergence += weight * share * (logShare - logGamma);
        }
      }
    },
    options.signal,
    true,
  );
  const scale = totalWeight / nSamples;
  return {
    logLikelihood: logLikelihood * scale,
    lowerBound: lowerBound * scale,
    divergence: divergence * scale,
  };
}

/** Rows divided by their sums: those of float32 rows are 1 to 1e-7 only, and l = L + KL needs 1. */
function* readShares(
  given: NumberArray,
  nSamples: number,
  nComponents: number,
): Steps<Float64Array> {
  const rows = yield* readResponsibilities(given, nSamples, nComponents, 'responsibilities');
  for (let at = 0; at < rows.length; at += nComponents, yield) {
    const row = rows.subarray(at, at + nComponents);
    const sum = row.reduce((total, share) => total + share, 0);
    row.forEach((share, k) => (row[k] = share / sum));
  }
  return rows;
}
