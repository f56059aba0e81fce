import type { Fixture } from './fixtures.ts';

/**
 * How many iterations of a fixture to run: all of them where they fit in `budget` multiply-adds (N K D^2 an iteration for full and
 * tied covariances, N K D else), else as many as do, but at least `least`.
 */
export function plannedIterations(fixture: Fixture, budget: number, least: number): number {
  const { nSamples, nComponents, nFeatures, covarianceType } = fixture;
  const square = covarianceType === 'full' || covarianceType === 'tied';
  // an exp and the bookkeeping of a component cost about what 16 multiply-adds do
  const perPair = 16 + (square ? nFeatures * (nFeatures + 1) : 4 * nFeatures);
  const affordable = Math.floor(budget / (nSamples * nComponents * perPair));
  return Math.min(fixture.run!.nIter, Math.max(least, affordable));
}
