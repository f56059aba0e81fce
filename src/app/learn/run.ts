import { GaussianMixture, MixtureError } from '../../index.ts';
import type { Context } from '../../index.ts';
import { evenShares, kindOf, massOf, sharesOf } from './half-step.ts';
import type { Assignment, HalfStep } from './half-step.ts';
import type { Lesson, Start } from './lesson.ts';

/** A run ends when an iteration changes l by less. Tighter than a fit needs: the gap is to be seen closing. */
const LEAST_GAIN = 1e-9;
const MOST_ITERATIONS = 200;

/** All half steps of EM from one start to the end. */
export interface Run {
  readonly steps: readonly HalfStep[];
  /** 'failed': an M-step had no result, for the reason in `failure`; the steps before it are kept. */
  readonly ending: 'converged' | 'iterations' | 'failed';
  readonly failure: MixtureError | undefined;
}

/**
 * Runs EM half step by half step. An M-step is one iteration of the library's from the mixture before it, so parameters are
 * exactly those of a fit; L and KL are the library's `evidence` of that mixture for the responsibilities as they stand. A
 * component that collapses ends the run and is no error here.
 * @param start in the lesson's units
 * @throws MixtureError INVALID_OPTION for a start that is none; `signal.reason`
 */
export async function runLesson(
  lesson: Lesson,
  start: Start,
  assignment: Assignment,
  context: Context,
  signal?: AbortSignal,
): Promise<Run> {
  checkStart(lesson, start);
  const { samples, nComponents } = lesson;
  const options = { nComponents, assignment, regCovar: 0, tol: 0, context, signal };
  const measure = async (index: number, mixture: GaussianMixture, stale?: Float64Array) => {
    const logTerms = await termsOf(mixture, lesson, context, signal);
    const shares = stale ?? sharesOf(logTerms, nComponents, assignment);
    return halfStep(index, mixture, logTerms, shares, lesson, context, signal);
  };

  let mixture = await GaussianMixture.fit(samples, {
    ...options,
    ...startOptions(lesson, start),
    maxIter: 0,
  });
  const steps = [await measure(0, mixture, evenShares(samples.nSamples, nComponents))];
  for (let iteration = 1; iteration <= MOST_ITERATIONS; iteration++) {
    const expected = await measure(2 * iteration - 1, mixture);
    steps.push(expected);
    try {
      mixture = await GaussianMixture.fit(samples, { ...options, warmStart: mixture, maxIter: 1 });
      const maximised = await measure(2 * iteration, mixture, expected.responsibilities);
      steps.push(maximised);
      const gained = maximised.logLikelihood - expected.logLikelihood;
      if (Math.abs(gained) < LEAST_GAIN) return { steps, ending: 'converged', failure: undefined };
    } catch (error) {
      if (!(error instanceof MixtureError) || error.code !== 'COLLAPSED_COMPONENT') throw error;
      return { steps, ending: 'failed', failure: error };
    }
  }
  return { steps, ending: 'iterations', failure: undefined };
}

/** @throws MixtureError INVALID_OPTION naming the field as the page does */
function checkStart({ featureNames }: Lesson, { means, deviations }: Start): void {
  for (const [name, values] of [
    ['mean', means],
    ['standard deviation', deviations],
  ] as const) {
    for (const [i, value] of values.entries()) {
      if (Number.isFinite(value) && (name === 'mean' || value > 0)) continue;
      const component = Math.floor(i / featureNames.length) + 1;
      const feature = featureNames[i % featureNames.length];
      const of = featureNames.length > 1 ? ` of ${feature}` : '';
      throw new MixtureError(
        'INVALID_OPTION',
        `Component ${component} has ${Number.isNaN(value) ? `no ${name}` : `a ${name} of ${value}`}${of}.`,
        name === 'mean' ? 'Type a number.' : 'Type a number above 0.',
        { component, feature, value },
      );
    }
  }
}

function startOptions({ nComponents, samples }: Lesson, { means, deviations }: Start) {
  const { nFeatures } = samples;
  return {
    weightsInit: new Float64Array(nComponents).fill(1 / nComponents),
    meansInit: means,
    covariancesInit: Array.from({ length: nComponents * nFeatures ** 2 }, (_, i) => {
      const row = Math.floor(i / nFeatures);
      return row % nFeatures === i % nFeatures ? deviations[row] ** 2 : 0;
    }),
  };
}

async function halfStep(
  index: number,
  mixture: GaussianMixture,
  logTerms: Float64Array,
  responsibilities: Float64Array,
  { samples, nComponents }: Lesson,
  context: Context,
  signal: AbortSignal | undefined,
): Promise<HalfStep> {
  const evidence = await mixture.evidence(samples, { responsibilities, context, signal });
  return {
    index,
    kind: kindOf(index),
    iteration: (index + 1) >> 1,
    weights: mixture.weights,
    means: mixture.means,
    covariances: mixture.covariances,
    responsibilities,
    logTerms,
    componentMass: massOf(responsibilities, nComponents),
    ...evidence,
  };
}

/** ln(pi_k p(x_n | theta_k)) in float64: the scores of each component as a mixture of its own (predictProba is float32). */
async function termsOf(
  { weights, means, covariances }: GaussianMixture,
  { samples, nComponents }: Lesson,
  context: Context,
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  const { nSamples, nFeatures } = samples;
  const terms = new Float64Array(nSamples * nComponents);
  for (let k = 0; k < nComponents; k++) {
    const alone = await GaussianMixture.fit(samples, {
      nComponents: 1,
      weightsInit: [1],
      meansInit: means.subarray(k * nFeatures, (k + 1) * nFeatures),
      covariancesInit: covariances.subarray(k * nFeatures ** 2, (k + 1) * nFeatures ** 2),
      maxIter: 0,
      context,
      signal,
    });
    const scores = await alone.scoreSamples(samples, { context, signal });
    for (let n = 0; n < nSamples; n++) {
      terms[n * nComponents + k] = Math.log(weights[k]) + scores[n];
    }
  }
  return terms;
}
