import type { SourceData } from '../data/source-data.ts';
import type { View } from './axis-pickers.ts';

/** Fewer samples lie in a plane anyway. */
const LEAST_SAMPLES = 4;

/**
 * What is shown of samples at first: of a visitor's own with more than two features the principal components, as clusters may lie on top
 * of one another in the first two columns; of the page's own sets the two columns that they were chosen for.
 */
export function firstView({ origin, samples }: Pick<SourceData, 'origin' | 'samples'>): View {
  const { nSamples, nFeatures } = samples;
  if (origin.kind !== 'built-in' && nFeatures > 2 && nSamples >= LEAST_SAMPLES) {
    return { kind: 'pca' };
  }
  return { kind: 'axes', x: 0, y: nFeatures > 1 ? 1 : undefined };
}
