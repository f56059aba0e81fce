import type { Dataset, GaussianMixture } from '../../index.ts';
import type { SourceData } from '../data/source-data.ts';
import { covarianceEntry } from '../plot/marginal.ts';
import { plural } from '../shared/format.ts';

type Scales = Pick<Dataset, 'columnScales' | 'constantColumns'>;

/** A variance below so many times what is added to it is mostly that: the samples have next to none. */
const OWN = 2;
/** Beyond, the smaller column counts for nothing in float32, which tells apart one part in 2^24. */
const MOST_RATIO = 1e6;
const MOST_NAMED = 6;

/** The features in which a component has no spread but what `regCovar` adds to every variance. */
export function spreadless(
  mixture: GaussianMixture,
  component: number,
  regCovar: number,
): readonly number[] {
  if (regCovar <= 0) return [];
  return Array.from({ length: mixture.nFeatures }, (_, d) => d).filter(
    (d) => covarianceEntry(mixture, component, d, d) < OWN * regCovar,
  );
}

/** Sentences on features in which components have no spread of their own. */
export function degeneracies(
  mixture: GaussianMixture,
  regCovar: number,
  { featureNames, standardised }: SourceData,
  { columnScales, constantColumns }: Scales,
): string[] {
  const components = new Map<number, number[]>();
  for (let k = 0; k < mixture.nComponents; k++) {
    const narrow = spreadless(mixture, k, regCovar);
    // (of one sample alone: a warning of its own)
    if (narrow.length === mixture.nFeatures && narrow.length > 1) continue;
    for (const d of narrow) {
      // (which are said to be so, with the data)
      if (constantColumns.includes(d)) continue;
      components.set(d, [...(components.get(d) ?? []), k]);
    }
  }
  return [...components].map(([d, which]) => {
    const isOne = which.length === 1;
    const who = isOne
      ? `Component ${which[0]} has no spread of its`
      : which.length <= MOST_NAMED
        ? `Components ${which.join(', ')} have no spread of their`
        : `${which.length} of ${mixture.nComponents} components have no spread of their`;
    const whose = `${who} own in ${featureNames[d]}`;
    return !standardised && columnScales[d] ** 2 < 100 * regCovar
      ? `${whose}: its numbers are so small that what is added to every variance hides them. Standardise the columns.`
      : `${whose}: this column looks like labels or counts. Leave it out?`;
  });
}

/** What is to be said of columns of very different sizes; or empty. */
export function scaleRemark(
  { standardised, featureNames }: SourceData,
  { columnScales, constantColumns }: Scales,
): string {
  const varying = [...columnScales.keys()].filter((d) => !constantColumns.includes(d));
  if (standardised || varying.length < 2) return '';
  const sorted = varying.sort((a, b) => columnScales[a] - columnScales[b]);
  const [least, most] = [sorted[0], sorted.at(-1)!];
  if (!(columnScales[most] > MOST_RATIO * columnScales[least])) return '';
  return `The ${plural(sorted.length, 'column')} differ in scale more than a million-fold (${featureNames[most]} and ${featureNames[least]}): standardise them under Columns.`;
}
