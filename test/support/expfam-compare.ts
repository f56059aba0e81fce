import { createDataset, type Context, type Dataset, type FittedMixture } from '../../src/index.ts';
import { loadMatrix } from './binary-data.ts';
import type { ExpfamFixture, ExpfamParameters } from './expfam-fixtures.ts';
import { fitFixture, fixtureSamples, thetaOf } from './expfam-model.ts';
import { sha256 } from './fixtures.ts';
import { countLabels, flat, largestDifference, relativeDifference } from './numbers.ts';

/** Largest differences allowed. */
export interface ExpfamTolerances {
  /** Log-likelihoods and objectives per sample, relative to max(1, |value|). */
  readonly logLikelihood: number;
  /** Weights and probabilities, absolute; rates, as a share. */
  readonly parameters: number;
  /** Log-densities of single samples, relative to max(1, |value|). */
  readonly scoreSamples: number;
  readonly probabilities: number;
  /** How far the objective may fall in an iteration by rounding, per sample, relative to max(1, |value|). */
  readonly fall: number;
}

/** What was found, the failures among it in words. */
export interface ExpfamComparison {
  readonly id: string;
  readonly iterations: number;
  readonly logLikelihood: number;
  readonly parameters: number;
  readonly failures: readonly string[];
}

/**
 * Runs EM from the fixture's start for `iterations` iterations and compares the first `compared` with its trace, iteration by
 * iteration; then compares what a mixture of the fixture's final parameters says of the samples.
 */
export async function compareExpfam(
  fixture: ExpfamFixture,
  context: Context,
  tolerances: ExpfamTolerances,
  iterations: number,
  compared = iterations,
): Promise<ExpfamComparison> {
  const { run, nSamples } = fixture;
  const dataset = await createDataset(await fixtureSamples(fixture), { context });
  const failures: string[] = [];
  const require = (what: string, difference: number, limit: number): void => {
    if (!(difference <= limit)) failures.push(`${what}: ${difference.toExponential(2)} > ${limit}`);
  };
  let logLikelihood = 0;
  let parameters = 0;
  const compareTotal = (what: string, total: number, expected: number): void => {
    const difference = relativeDifference(total / nSamples, expected / nSamples);
    logLikelihood = Math.max(logLikelihood, difference);
    require(what, difference, tolerances.logLikelihood);
  };
  try {
    let previous = -Infinity;
    const fitted = await fitFixture(fixture, dataset, fixture.start, {
      context,
      maxIter: iterations,
      onIteration(step) {
        // 0 is the start: nothing is known of it yet
        if (step.iteration === 0) return;
        // the bound of iteration t + 1 is that of the parameters after t M-steps
        const t = step.iteration - 1;
        if (t <= compared) {
          compareTotal(`l after ${t}`, step.logLikelihood, run.logLikelihood[t]);
          compareTotal(
            `objective after ${t}`,
            step.logLikelihood + step.logPrior,
            run.objective[t],
          );
        }
        const fall = (previous - step.lowerBound) / Math.max(1, Math.abs(step.lowerBound));
        require(`fall of the objective after ${t}`, fall, tolerances.fall);
        previous = step.lowerBound;
        const expected =
          step.iteration === run.nIter ? run : run.parametersAfter[String(step.iteration)];
        if (!expected || step.iteration > compared) return;
        const found = parameterDifference(step.mixture, expected, fixture);
        parameters = Math.max(parameters, found);
        require(`parameters after ${step.iteration}`, found, tolerances.parameters);
      },
    });
    if (fitted.nIter !== iterations) failures.push(`${fitted.nIter} iterations were run`);
    if (iterations <= compared) {
      const score = await fitted.score(dataset, { context });
      compareTotal(`l after ${iterations}`, score * nSamples, run.logLikelihood[iterations]);
    }
    failures.push(...(await compareSayings(fixture, context, dataset, tolerances)));
    return { id: fixture.id, iterations, logLikelihood, parameters, failures };
  } finally {
    dataset.dispose();
  }
}

function parameterDifference(
  mixture: FittedMixture,
  expected: ExpfamParameters,
  { family }: ExpfamFixture,
): number {
  const theta = flat(expected.theta);
  const found = thetaOf(mixture);
  const asShare = family === 'poisson' || family === 'exponential';
  return Math.max(
    largestDifference(mixture.weights, expected.weights),
    asShare
      ? largestDifference(
          found.map((rate, i) => rate / theta[i]),
          theta.map(() => 1),
        )
      : largestDifference(found, theta),
  );
}

/** What a mixture of exactly the fixture's final parameters says of the samples, against what the fixture says. */
async function compareSayings(
  fixture: ExpfamFixture,
  context: Context,
  dataset: Dataset,
  tolerances: ExpfamTolerances,
): Promise<string[]> {
  const { run, nSamples } = fixture;
  const mixture = await fitFixture(fixture, dataset, run, { context, maxIter: 0 });
  const failures: string[] = [];
  const require = (what: string, difference: number, limit: number): void => {
    if (!(difference <= limit)) failures.push(`${what}: ${difference.toExponential(2)} > ${limit}`);
  };
  if (mixture.nParameters !== run.nParameters) {
    failures.push(`${mixture.nParameters} free parameters, not ${run.nParameters}`);
  }
  // criteria as log-likelihoods per sample, which is what the tolerance is about
  for (const name of ['bic', 'aic'] as const) {
    const found = (await mixture[name](dataset, { context })) / (2 * nSamples);
    const expected = run[name] / (2 * nSamples);
    require(name, relativeDifference(found, expected), tolerances.logLikelihood);
  }
  const scores = await mixture.scoreSamples(dataset, { context });
  run.scoreSamples.forEach((expected, n) => {
    require(`score of sample ${n}`, relativeDifference(
      scores[n],
      expected,
    ), tolerances.scoreSamples);
  });
  // the first samples again, as a matrix: binary ones went in packed
  const head = await loadMatrix(fixture.dataName, run.probabilities.length);
  const probabilities = await mixture.predictProba(head, { context });
  const difference = largestDifference(probabilities, flat(run.probabilities));
  require('probabilities', difference, tolerances.probabilities);
  const labels = await mixture.predict(dataset, { context });
  failures.push(...(await compareLabels(labels, fixture, context)));
  return failures;
}

async function compareLabels(
  labels: Int32Array,
  { run, nComponents }: ExpfamFixture,
  context: Context,
): Promise<string[]> {
  if (run.labels) {
    const expected = run.labels;
    const ties = new Set(run.nearTies);
    const wrong = expected.findIndex((label, n) => label !== labels[n] && !ties.has(n));
    return wrong < 0 ? [] : [`label ${wrong}: ${labels[wrong]}, not ${expected[wrong]}`];
  }
  // at the same parameters float64 gives the same labels; float32 may turn the near ties
  if (context.backend === 'cpu' || run.nearTies.length === 0) {
    const digest = await sha256(labels);
    return digest === run.labelsHash
      ? []
      : [`labels have SHA-256 ${digest}, not ${run.labelsHash}`];
  }
  return countLabels(labels, nComponents).flatMap((count, k) =>
    Math.abs(count - run.labelCounts[k]) <= run.nearTies.length
      ? []
      : [`label ${k} is given ${count} times, not ${run.labelCounts[k]}`],
  );
}
