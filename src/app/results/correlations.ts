import type { GaussianMixture } from '../../index.ts';
import { covarianceEntry } from '../plot/marginal.ts';

/** How two features of a component go together. */
export interface Correlation {
  readonly row: number;
  readonly column: number;
  /** -1 to 1. */
  readonly value: number;
}

/** More features have too many pairs to look through in every frame: 64 components of 24 have 17,664. */
const MOST_FEATURES = 24;

/** A component's correlations by their size, the largest first, at most `most`. None where its covariance type has none. */
export function strongestCorrelations(
  mixture: GaussianMixture,
  component: number,
  most: number,
): Correlation[] {
  if (!hasCorrelations(mixture)) return [];
  const nFeatures = Math.min(MOST_FEATURES, mixture.nFeatures);
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
