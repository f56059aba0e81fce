import { BayesianGaussianMixture, type Context, type Dataset } from '../../src/index.ts';
import { bayesianOptions, type BayesianParameters, type BayesianRun } from './bayesian-fixtures.ts';
import { columnDeviations, flat, largestDifference, relativeDifference } from './numbers.ts';
import { loadSamples } from './fixtures.ts';
import { differences } from './parameter-differences.ts';

/** Largest differences of a run from scikit-learn's. */
export interface BayesianDifferences {
  /** Relative to max(1, |bound|), over all iterations. */
  lowerBound: number;
  /** As `ParameterDifferences` says. */
  weights: number;
  means: number;
  meansInSigma: number;
  covariances: number;
  /** meanPrecision, degreesOfFreedom and weightConcentration, each relative to max(1, |value|). */
  counts: number;
  scoreSamples: number;
  probabilities: number;
}

/**
 * Fits as the run did, whatever the bound says, and compares with every iteration.
 * @param most iterations; what scikit-learn said of the samples is compared where these are all
 */
export async function compareBayesianRun(
  run: BayesianRun,
  context: Context,
  dataset: Dataset,
  most = Infinity,
): Promise<BayesianDifferences> {
  const samples = await loadSamples(run.data);
  const deviations = columnDeviations(samples.data, samples.nSamples, samples.nFeatures);
  const found: BayesianDifferences = {
    lowerBound: 0,
    weights: 0,
    means: 0,
    meansInSigma: 0,
    covariances: 0,
    counts: 0,
    scoreSamples: 0,
    probabilities: 0,
  };
  const raise = (name: keyof BayesianDifferences, difference: number): void => {
    if (!(difference <= found[name])) found[name] = difference;
  };
  const compare = (mixture: BayesianGaussianMixture, expected: BayesianParameters): void => {
    const flattened = {
      weights: expected.weights,
      means: flat(expected.means),
      covariances: flat(expected.covariances),
    };
    const parts = differences(mixture, flattened, run.options.covariance_type, deviations);
    for (const [name, value] of Object.entries(parts)) {
      raise(name as keyof BayesianDifferences, value as number);
    }
    for (const name of ['meanPrecision', 'degreesOfFreedom', 'weightConcentration'] as const) {
      const values = flat(expected[name]);
      if (values.length !== mixture[name].length) throw new Error(`${name} has another length.`);
      values.forEach((value, i) => raise('counts', relativeDifference(mixture[name][i], value)));
    }
  };
  const iterations = Math.min(run.n_iter, most);
  const mixture = await BayesianGaussianMixture.fit(dataset, {
    ...bayesianOptions(run),
    context,
    tol: 0,
    maxIter: iterations,
    onIteration({ iteration, mixture: now }) {
      const expected = run.after[iteration];
      if (expected) compare(now, expected);
    },
  });
  if (mixture.lowerBounds.length !== iterations) {
    throw new Error(`${mixture.lowerBounds.length} iterations in place of ${iterations}.`);
  }
  mixture.lowerBounds.forEach((bound, t) =>
    raise('lowerBound', relativeDifference(bound, run.lower_bounds[t])),
  );
  if (iterations < run.n_iter) return found;
  const scores = await mixture.scoreSamples(dataset, { context });
  run.score_samples.forEach((score, n) =>
    raise('scoreSamples', relativeDifference(scores[n], score)),
  );
  const probabilities = await mixture.predictProba(dataset, { context });
  const expected = flat(run.predict_proba);
  raise('probabilities', largestDifference(probabilities.subarray(0, expected.length), expected));
  return found;
}
