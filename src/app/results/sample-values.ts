import { createContext } from '../../index.ts';
import type { Context, GaussianMixture } from '../../index.ts';
import type { SourceData } from '../data/source-data.ts';

/** What a mixture says of one sample. */
export interface SampleFacts {
  /** K, summing to 1. */
  readonly responsibilities: Float32Array;
  /** ln p(x) of the observed entries. */
  readonly logDensity: number;
  /** -sum_k gamma ln gamma over ln K: 0 certain, 1 as likely of any component; 0 where K is 1. */
  readonly uncertainty: number;
}

/** Beside the fit's own, whose device is busy: one sample is quicker in float64 here. */
let cpu: Promise<Context> | undefined;

/** The sample's row as it is fitted, D. */
export function rowOf({ samples }: Pick<SourceData, 'samples'>, sample: number): Float64Array {
  const { data, nFeatures } = samples;
  return Float64Array.from(data.subarray(sample * nFeatures, (sample + 1) * nFeatures));
}

/** Terms and values that tell which row of the source a sample is, where that is not its number. */
export function placeOf(
  { rows }: Pick<SourceData, 'rows'>,
  sample: number,
): [term: string, value: string][] {
  return rows ? [['row of the source, from 0', String(rows[sample])]] : [];
}

export async function factsOf(mixture: GaussianMixture, row: Float64Array): Promise<SampleFacts> {
  cpu ??= createContext({ backend: 'cpu' });
  const context = await cpu;
  const one = { data: row, nSamples: 1, nFeatures: row.length };
  const responsibilities = await mixture.predictProba(one, { context });
  const [logDensity] = await mixture.scoreSamples(one, { context });
  return { responsibilities, logDensity, uncertainty: uncertaintyOf(responsibilities) };
}

function uncertaintyOf(responsibilities: Float32Array): number {
  if (responsibilities.length < 2) return 0;
  let entropy = 0;
  for (const share of responsibilities) if (share > 0) entropy -= share * Math.log(share);
  return entropy / Math.log(responsibilities.length);
}
