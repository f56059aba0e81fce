import {
  createDataset,
  GaussianMixture,
  type Context,
  type Dataset,
  type GaussianMixtureOptions,
} from '../../src/index.ts';
import type { Tolerances } from './compare-fixture.ts';
import { loadSamples } from './fixtures.ts';
import type { MclustFixture } from './mclust-fixtures.ts';
import { mclustLogPrior } from './mclust-prior.ts';
import { columnDeviations, flat, relativeDifference } from './numbers.ts';
import { differences } from './parameter-differences.ts';

export interface MclustTolerances extends Tolerances {
  /** How far the penalised bound may fall in an iteration by rounding, relative to max(1, |bound|). */
  readonly fall: number;
  /** How far the fit from `prior: 'mclust'` may be from that with the numbers that mclust took. */
  readonly defaultPrior: number;
}

/**
 * Runs EM from mclust's partition and compares with mclust, M-step by M-step: log-likelihoods, parameters, the penalised bound; then
 * what a mixture of mclust's final parameters says of the samples. mclust counts the M-step from the partition, so its step t
 * is iteration t - 1 here.
 * @returns the failures, in words
 */
export async function compareMclust(
  fixture: MclustFixture,
  context: Context,
  tolerances: MclustTolerances,
): Promise<string[]> {
  const { nSamples, nFeatures, covarianceType, nSteps } = fixture;
  const samples = await loadSamples(fixture.dataName);
  const deviations = columnDeviations(samples.data, nSamples, nFeatures);
  const dataset = await createDataset(samples, { context });
  const failures: string[] = [];
  const require = (what: string, difference: number, limit: number): void => {
    if (!(difference <= limit)) failures.push(`${what}: ${difference.toExponential(2)} > ${limit}`);
  };
  const perSample = (total: number, expected: number): number =>
    relativeDifference(total / nSamples, expected / nSamples);
  const compareParameters = (mixture: GaussianMixture, step: number): void => {
    const expected = step === nSteps ? fixture.final : fixture.parametersAfter[step];
    if (!expected) return;
    const flatExpected = {
      weights: expected.weights,
      means: flat(expected.means),
      covariances: flat(expected.covariances),
    };
    const found = differences(mixture, flatExpected, covarianceType, deviations);
    for (const [name, limit] of Object.entries(tolerances.parameters)) {
      require(`${name} after step ${step}`, found[name as keyof typeof found], limit);
    }
  };
  try {
    const options: GaussianMixtureOptions = {
      ...modelOptions(fixture, context),
      labelsInit: fixture.labelsInit,
      prior: fixture.prior,
    };
    // the log prior that belongs to a step's log-likelihood is that of the parameters that entered it
    let entered = await GaussianMixture.fit(dataset, { ...options, maxIter: 0 });
    compareParameters(entered, 1);
    let priorConstant = 0;
    let previous = -Infinity;
    const fitted = await GaussianMixture.fit(dataset, {
      ...options,
      maxIter: nSteps - 1,
      onIteration(step) {
        // 0 is the start: nothing is known of it yet
        if (step.iteration === 0) return;
        const { iteration, logLikelihood, logPrior, lowerBound, mixture } = step;
        if (iteration <= fixture.logLikelihood.length) {
          const expected = fixture.logLikelihood[iteration - 1];
          require(`l after step ${iteration}`, perSample(
            logLikelihood,
            expected,
          ), tolerances.lowerBound);
        }
        require(`bound ${iteration} is not (l + ln prior) / N`, relativeDifference(
          lowerBound,
          (logLikelihood + logPrior) / nSamples,
        ), 1e-12);
        require(`fall of bound ${iteration}`, (previous - lowerBound) /
          Math.max(1, Math.abs(lowerBound)), tolerances.fall);
        previous = lowerBound;
        const expectedPrior = fixture.prior ? mclustLogPrior(entered, fixture) : 0;
        // a constant of the prior is a convention
        if (iteration === 1) priorConstant = logPrior - expectedPrior;
        require(`log prior after step ${iteration}`, relativeDifference(
          logPrior - priorConstant,
          expectedPrior,
        ), 1e-9);
        entered = mixture;
        compareParameters(mixture, iteration + 1);
      },
    });
    if (!fixture.prior && fitted.logPrior !== 0) failures.push(`log prior ${fitted.logPrior}`);
    if (fitted.nIter !== nSteps - 1) failures.push(`${fitted.nIter} iterations were run`);
    const score = await fitted.score(dataset, { context });
    require('final l', perSample(
      score * nSamples,
      fixture.final.logLikelihood,
    ), tolerances.lowerBound);
    failures.push(...(await compareSayings(fixture, context, dataset, tolerances)));
    return failures;
  } finally {
    dataset.dispose();
  }
}

/** Fits with what `prior: 'mclust'` fills in and with the numbers that mclust printed: the same start. */
export async function compareDefaultPrior(
  fixture: MclustFixture,
  context: Context,
): Promise<number> {
  const samples = await loadSamples(fixture.dataName);
  const fits = await Promise.all(
    [fixture.prior, 'mclust' as const].map((prior) =>
      GaussianMixture.fit(samples, {
        ...modelOptions(fixture, context),
        labelsInit: fixture.labelsInit,
        prior,
        maxIter: 3,
      }),
    ),
  );
  const deviations = columnDeviations(samples.data, fixture.nSamples, fixture.nFeatures);
  const found = differences(fits[1], fits[0], fixture.covarianceType, deviations);
  const bound = relativeDifference(fits[1].lowerBound, fits[0].lowerBound);
  return Math.max(found.weights, found.means, found.covariances, bound);
}

function modelOptions(
  { nComponents, covarianceType }: MclustFixture,
  context: Context,
): GaussianMixtureOptions {
  return { nComponents, covarianceType, regCovar: 0, tol: 0, context };
}

async function compareSayings(
  fixture: MclustFixture,
  context: Context,
  dataset: Dataset,
  tolerances: Tolerances,
): Promise<string[]> {
  const { final, nSamples, nComponents } = fixture;
  const failures: string[] = [];
  const mixture = await GaussianMixture.fit(dataset, {
    ...modelOptions(fixture, context),
    weightsInit: final.weights,
    meansInit: flat(final.means),
    covariancesInit: flat(final.covariances),
    maxIter: 0,
  });
  if (mixture.nParameters !== final.nParameters) {
    failures.push(`${mixture.nParameters} free parameters, not ${final.nParameters}`);
  }
  const require = (what: string, difference: number, limit: number): void => {
    if (!(difference <= limit)) failures.push(`${what}: ${difference.toExponential(2)} > ${limit}`);
  };
  // criteria as log-likelihoods per sample, which is what the tolerance is about
  for (const name of ['bic', 'aic'] as const) {
    const found = await mixture[name](dataset, { context });
    require(name, relativeDifference(
      found / (2 * nSamples),
      final[name] / (2 * nSamples),
    ), tolerances.lowerBound);
  }
  const probabilities = await mixture.predictProba(dataset, { context });
  flat(final.probabilities).forEach((expected, i) => {
    require(`probability ${i}`, Math.abs(probabilities[i] - expected), tolerances.probabilities);
  });
  const labels = await mixture.predict(dataset, { context });
  const wrong = final.labels.findIndex((label, n) => {
    const row = probabilities.slice(n * nComponents, (n + 1) * nComponents).sort();
    const tie = row[nComponents - 1] - (row[nComponents - 2] ?? 0) < 1e-3;
    return labels[n] !== label && !tie;
  });
  if (wrong >= 0) failures.push(`label ${wrong}: ${labels[wrong]}, not ${final.labels[wrong]}`);
  return failures;
}
