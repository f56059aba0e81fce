import { readRow } from '../data/samples.ts';
import type { Dataset } from '../em/dataset.ts';
import type { Seam } from '../em/seam.ts';
import type { Parameters } from '../families/family.ts';
import { mixCategories } from './impute.ts';

/**
 * sum_k gamma_nk theta_kd[c] of every entry, N x D x C; 1 for the observed category of an observed one.
 * @param tableOf K x C probabilities of a feature
 */
export async function predictiveProbabilities(
  seam: Seam,
  parameters: Parameters,
  tableOf: (feature: number) => Float64Array,
  { samples, nSamples, nFeatures }: Dataset,
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  const nComponents = parameters.weights.length;
  const tables = Array.from({ length: nFeatures }, (_, d) => tableOf(d));
  const most = tables[0].length / nComponents;
  const out = new Float64Array(nSamples * nFeatures * most);
  const row = new Float64Array(nFeatures);
  await seam.forEachResponsibilities(
    parameters,
    (first, count, rows) => {
      for (let i = 0; i < count; i++) {
        readRow(samples, first + i, row);
        const gamma = rows.subarray(i * nComponents, (i + 1) * nComponents);
        for (let d = 0; d < nFeatures; d++) {
          const at = ((first + i) * nFeatures + d) * most;
          if (Number.isNaN(row[d])) out.set(mixCategories(gamma, tables[d]), at);
          else out[at + row[d]] = 1;
        }
      }
    },
    signal,
  );
  return out;
}
