import type { SourceData } from '../data/source-data.ts';
import { count } from '../shared/format.ts';
import type { Projection } from './projection.ts';

/** Samples that have no place in the plane shown: a value that it is made of is missing. */
export function nLacking({ samples }: SourceData, { kind, x, y, leavesOut }: Projection): number {
  if (kind === 'pca' && !leavesOut) return 0;
  const { data, nSamples, nFeatures } = samples;
  const features = [...x.keys()].filter((d) => x[d] !== 0 || (y && y[d] !== 0));
  let lacking = 0;
  for (let n = 0; n < nSamples; n++) {
    if (features.some((d) => Number.isNaN(data[n * nFeatures + d]))) lacking++;
  }
  return lacking;
}

/** @param lacking of all the samples, how many have no place in the plane */
export function drawnInWords(nDrawn: number, nSamples: number, lacking: number): string {
  const isAll = nDrawn === nSamples;
  if (lacking === 0) {
    return isAll
      ? nSamples === 1
        ? 'The only sample is drawn.'
        : `All ${count(nSamples)} samples are drawn.`
      : `${count(nDrawn)} of ${count(nSamples)} samples are drawn; all are fitted.`;
  }
  const lack = `${lacking === 1 ? 'lacks' : 'lack'} a value of an axis shown`;
  return isAll
    ? `${count(nSamples - lacking)} of ${count(nSamples)} samples are drawn: ${count(lacking)} ${lack}. All are fitted.`
    : `${count(nDrawn)} of ${count(nSamples)} samples are drawn, but not those that lack a value of an axis shown, ${count(lacking)} of all. All are fitted.`;
}
