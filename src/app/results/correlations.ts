import type { GaussianMixture } from '../../index.ts';
import { covarianceEntry } from '../plot/marginal.ts';

/** How two features of a component go together. */
export interface Correlation {
  readonly row: number;
  readonly column: number;
  /** -1 to 1. */
  readonly value: number;
}

/** More features have too many pairs to look through in every frame: 64 components of 50 have 78,400. */
export const MOST_COMPARED = 50;
/** Of more features nobody reads all pairs. */
const MOST_MAPPED = 30;

/** A component's correlations by their size, the largest first, at most `most`. None where its covariance type has none. */
export function strongestCorrelations(
  mixture: GaussianMixture,
  component: number,
  most: number,
): Correlation[] {
  if (!hasCorrelations(mixture)) return [];
  const nFeatures = Math.min(MOST_COMPARED, mixture.nFeatures);
  const at = (row: number, column: number) => covarianceEntry(mixture, component, row, column);
  const deviations = Array.from({ length: nFeatures }, (_, d) => Math.sqrt(at(d, d)));
  const found: Correlation[] = [];
  for (let row = 0; row < nFeatures; row++) {
    for (let column = row + 1; column < nFeatures; column++) {
      const value = at(row, column) / (deviations[row] * deviations[column]);
      const last = found[most - 1];
      if (last && Math.abs(value) <= Math.abs(last.value)) continue;
      const place = found.findIndex((other) => Math.abs(other.value) < Math.abs(value));
      found.splice(place < 0 ? found.length : place, 0, { row, column, value });
      found.length = Math.min(found.length, most);
    }
  }
  return found;
}

export function hasCorrelations({ covarianceType, nFeatures }: GaussianMixture): boolean {
  return nFeatures > 1 && ['full', 'tied', 'fixed'].includes(covarianceType);
}

/** Whether all of them can be shown: for two features the one there is stands on the card. */
export function canBeMapped(mixture: GaussianMixture): boolean {
  return hasCorrelations(mixture) && mixture.nFeatures > 2 && mixture.nFeatures <= MOST_MAPPED;
}

/** All of a component's, D x D, from -1 to 1. */
export function correlationsOf(mixture: GaussianMixture, component: number): Float64Array {
  const { nFeatures } = mixture;
  const at = (row: number, column: number) => covarianceEntry(mixture, component, row, column);
  const deviations = Array.from({ length: nFeatures }, (_, d) => Math.sqrt(at(d, d)));
  return Float64Array.from({ length: nFeatures * nFeatures }, (_, i) => {
    const [row, column] = [Math.floor(i / nFeatures), i % nFeatures];
    if (row === column) return 1;
    const value = at(row, column) / (deviations[row] * deviations[column]);
    return Math.max(-1, Math.min(1, value));
  });
}

/** "0.53", "−0.07"; no zero is negative. */
export function correlationText(value: number): string {
  const text = value.toFixed(2);
  return text === '-0.00' ? '0.00' : text.replace('-', '−');
}
