import {
  createDataset,
  GaussianMixture,
  type Context,
  type Dataset,
  type GaussianMixtureOptions,
} from '../../src/index.ts';
import type { Amplification } from './amplified.ts';
import { loadSamples, sha256, type Fixture, type FixtureRun } from './fixtures.ts';
import { columnDeviations, countLabels, flat, relativeDifference, variancesOf } from './numbers.ts';
import {
  larger,
  NO_DIFFERENCES,
  parameterDifferences,
  type ParameterDifferences,
} from './parameter-differences.ts';

/** Largest differences allowed. Bounds and log-densities: relative to max(1, |value|), see `relativeDifference`. */
export interface Tolerances {
  readonly lowerBound: number;
  /** See `ParameterDifferences` for the units; what is left out is reported only. */
  readonly parameters: Partial<ParameterDifferences>;
  readonly scoreSamples: number;
  readonly probabilities: number;
}

/** What the library promises of the reference: 1e-9 relative in lower bound, 1e-7 in parameters. `probabilities` come as float32, spaced 6e-8 below 1. */
export const REFERENCE_TOLERANCES: Tolerances = {
  lowerBound: 1e-9,
  parameters: { weights: 1e-7, means: 1e-7, covariances: 1e-7 },
  scoreSamples: 1e-9,
  probabilities: 1e-7,
};

/** What it promises of WebGPU: 1e-5 per sample in lower bound, 1e-3 sigma in means. The others are as the first two make them. */
export const DEVICE_TOLERANCES: Tolerances = {
  lowerBound: 1e-5,
  parameters: { weights: 1e-3, means: 1e-3, meansInSigma: 1e-3, covariances: 1e-3 },
  scoreSamples: 1e-5,
  probabilities: 1e-4,
};

/** What was found, the failures among it in words. */
export interface Comparison {
  readonly fixture: Fixture;
  readonly iterations: number;
  readonly lowerBound: number;
  readonly parameters: ParameterDifferences;
  readonly scoreSamples: number;
  readonly probabilities: number;
  readonly failures: readonly string[];
}

/**
 * Runs EM from the fixture's start for `iterations` iterations and compares, iteration by iteration, with its trace; then
 * compares what a mixture with the fixture's final parameters says of the samples.
 * @param amplification iterations whose bounds have another tolerance, see test/support/amplified.ts
 */
export async function compareFixture(
  fixture: Fixture,
  context: Context,
  tolerances: Tolerances,
  iterations: number,
  amplification?: Amplification,
): Promise<Comparison> {
  const run = fixture.run!;
  const samples = await loadSamples(fixture.dataName);
  const deviations = columnDeviations(samples.data, samples.nSamples, samples.nFeatures);
  const dataset = await createDataset(samples, { context });
  const failures: string[] = [];
  const require = (what: string, difference: number, limit: number): void => {
    if (!(difference <= limit)) failures.push(`${what}: ${difference.toExponential(2)} > ${limit}`);
  };
  let parameters = NO_DIFFERENCES;
  const compareParameters = (mixture: GaussianMixture, iteration: number): void => {
    const expected = iteration === run.nIter ? run : run.parametersAfter[iteration];
    if (!expected) return;
    const found = parameterDifferences(mixture, expected, fixture, deviations);
    parameters = larger(parameters, found);
    for (const [name, limit] of Object.entries(tolerances.parameters)) {
      require(`${name} after iteration ${iteration}`, found[
        name as keyof ParameterDifferences
      ], limit);
    }
  };
  try {
    const fitted = await GaussianMixture.fit(dataset, {
      ...modelOptions(fixture, context),
      ...startOptions(fixture),
      maxIter: iterations,
      onIteration: ({ iteration, mixture }) => compareParameters(mixture, iteration),
    });
    const bounds = [...fitted.lowerBounds, await fitted.score(dataset, { context })];
    if (bounds.length !== iterations + 1) failures.push(`${bounds.length - 1} iterations were run`);
    let lowerBound = 0;
    for (const [t, bound] of bounds.entries()) {
      const difference = relativeDifference(bound, run.meanLogLikelihood[t]);
      lowerBound = Math.max(lowerBound, difference);
      const unstable = amplification && amplification.first <= t && t <= amplification.last;
      const limit = unstable ? amplification.lowerBound : tolerances.lowerBound;
      require(`lower bound ${t}`, difference, limit);
    }
    const said = await compareSayings(fixture, run, context, dataset);
    require('score', said.score, tolerances.lowerBound);
    require('bic', said.bic, tolerances.lowerBound);
    require('aic', said.aic, tolerances.lowerBound);
    require('score samples', said.scoreSamples, tolerances.scoreSamples +
      meanRounding(fixture, run));
    require('probabilities', said.probabilities, tolerances.probabilities);
    failures.push(...said.wrongLabels);
    const { scoreSamples, probabilities } = said;
    return { fixture, iterations, lowerBound, parameters, scoreSamples, probabilities, failures };
  } finally {
    dataset.dispose();
  }
}

/** Options of the model alone: never stops early. */
export function modelOptions(
  { nComponents, covarianceType, regCovar }: Fixture,
  context: Context,
): GaussianMixtureOptions {
  return { nComponents, covarianceType, regCovar, tol: 0, context };
}

/** The fixture's start as options of a fit. */
export function startOptions({ start }: Fixture): Partial<GaussianMixtureOptions> {
  if (start.type === 'labels') return { labelsInit: start.labels };
  if (start.type === 'responsibilities') return { responsibilitiesInit: start.responsibilities };
  return {
    weightsInit: start.weights,
    meansInit: flat(start.means),
    precisionsInit: flat(start.precisions),
  };
}

/**
 * The fixture's means are float64 in the user's units: at an offset of 1e8 they are up to 7e-9 from what the run had, and a sample
 * three standard deviations out feels that threefold. Nothing (1e-15) for ordinary data.
 */
function meanRounding(fixture: Fixture, run: FixtureRun): number {
  const { covarianceType, nComponents, nFeatures } = fixture;
  const variances = variancesOf(flat(run.covariances), covarianceType, nComponents, nFeatures);
  const means = flat(run.means);
  const inSigma = means.map((mean, i) => (Math.abs(mean) * 2 ** -53) / Math.sqrt(variances[i]));
  return 3 * Math.max(...inSigma);
}

interface Sayings {
  score: number;
  bic: number;
  aic: number;
  scoreSamples: number;
  probabilities: number;
  wrongLabels: string[];
}

/** What a mixture of exactly the fixture's final parameters says of the samples, against what the fixture says. */
async function compareSayings(
  fixture: Fixture,
  run: FixtureRun,
  context: Context,
  dataset: Dataset,
): Promise<Sayings> {
  const mixture = await GaussianMixture.fit(dataset, {
    ...modelOptions(fixture, context),
    weightsInit: run.weights,
    meansInit: flat(run.means),
    covariancesInit: flat(run.covariances),
    maxIter: 0,
  });
  const wrongLabels: string[] = [];
  if (mixture.nParameters !== run.nParameters) {
    wrongLabels.push(`${mixture.nParameters} free parameters, not ${run.nParameters}`);
  }
  const score = relativeDifference(
    await mixture.score(dataset, { context }),
    run.meanLogLikelihood[run.nIter],
  );
  // criteria as log-likelihoods per sample, which is what the tolerance is about
  const perSample = (a: number, b: number): number =>
    Math.abs(a - b) /
    (2 * fixture.nSamples * Math.max(1, Math.abs(run.meanLogLikelihood[run.nIter])));
  // both are the score again: three passes over 245,057 samples and more show nothing new
  const small = fixture.nSamples < 200_000;
  const bic = small ? perSample(await mixture.bic(dataset, { context }), run.bic) : 0;
  const aic = small ? perSample(await mixture.aic(dataset, { context }), run.aic) : 0;
  const scores = await mixture.scoreSamples(dataset, { context });
  const scoreSamples = Math.max(
    ...run.scoreSamples.map((expected, n) => relativeDifference(scores[n], expected)),
  );
  const first = Math.min(20, fixture.nSamples);
  const head = { data: dataset.samples.data!.slice(0, first * fixture.nFeatures) };
  const probabilities = await mixture.predictProba(
    { ...head, nSamples: first, nFeatures: fixture.nFeatures },
    { context },
  );
  const expected = flat(run.probabilities);
  let probability = 0;
  for (let i = 0; i < expected.length; i++) {
    probability = Math.max(probability, Math.abs(probabilities[i] - expected[i]));
  }
  const labels = await mixture.predict(dataset, { context });
  wrongLabels.push(...(await compareLabels(labels, fixture, run, context)));
  return { score, bic, aic, scoreSamples, probabilities: probability, wrongLabels };
}

async function compareLabels(
  labels: Int32Array,
  fixture: Fixture,
  run: FixtureRun,
  context: Context,
): Promise<string[]> {
  if (run.labels) {
    const expected = run.labels;
    const ties = new Set(run.nearTies);
    const wrong = expected.findIndex((label, n) => label !== labels[n] && !ties.has(n));
    return wrong < 0 ? [] : [`label ${wrong}: ${labels[wrong]}, not ${expected[wrong]}`];
  }
  // Larger fixtures give a checksum of the labels. At the same parameters float64 gives the same label wherever the
  // posteriors are 1e-9 apart; float32 may turn the near ties that the fixture counts (unknown for N = 10^6: then 1e-5 N).
  if (context.backend === 'cpu' || run.nearTies?.length === 0) {
    const digest = await sha256(labels);
    return digest === run.labelsHash
      ? []
      : [`labels have SHA-256 ${digest}, not ${run.labelsHash}`];
  }
  const slack = run.nearTies?.length ?? Math.ceil(1e-5 * fixture.nSamples);
  return countLabels(labels, fixture.nComponents).flatMap((count, k) =>
    Math.abs(count - run.labelCounts[k]) <= slack
      ? []
      : [`label ${k} is given ${count} times, not ${run.labelCounts[k]}`],
  );
}
