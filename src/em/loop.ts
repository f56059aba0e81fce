import { MixtureError } from '../errors.ts';
import type { Family, Parameters } from '../families/family.ts';
import { scaleStatistics, type Statistics } from '../families/statistics.ts';
import type { Dataset } from './dataset.ts';
import { densityAhead } from './density-of.ts';
import { logPriorOf, mStep, type Maximisation } from './m-step.ts';
import { pacer } from '../data/pause.ts';
import { isHard, type Responsibilities } from './responsibilities.ts';
import type { Seam } from './seam.ts';

/** One run of EM, from one start. */
export interface Run {
  readonly dataset: Dataset;
  readonly family: Family;
  readonly seam: Seam;
  readonly mStepOptions: Maximisation;
  /** In place of the M-step of all parameters: one that maximises over a part of them. */
  readonly maximise?: ((statistics: Statistics, previous: Parameters) => Parameters) | undefined;
  readonly restart: number;
  /** Default: soft responsibilities. */
  readonly how?: Responsibilities | undefined;
  /** Stop when the lower bound changes by less than this per sample. */
  readonly tol: number;
  readonly maxIter: number;
  /** The bound that the first iteration's is compared with: -Infinity, or a warm start's. */
  readonly previousLowerBound: number;
  readonly signal?: AbortSignal | undefined;
}

/** One iteration: an E-step, an M-step, a look at the bound. */
export interface Iteration {
  readonly iteration: number;
  /**
   * Per sample, of the parameters that entered this iteration: (logLikelihood + logPrior) / W. Families with a bound of their
   * own (`evidenceBound`): that of the parameters after it.
   */
  readonly lowerBound: number;
  /** Totals, in the user's sample weights. */
  readonly logLikelihood: number;
  /** ln p(theta) without its normalising constant; 0 without a prior. */
  readonly logPrior: number;
  readonly change: number;
  readonly converged: boolean;
  readonly milliseconds: number;
  /** After this iteration, in standardised units. */
  readonly parameters: Parameters;
}

/** Thrown out of a run that has no next parameters (a collapsed component, a prior without a mode), with those before. */
export class Collapse extends Error {
  readonly component: number;
  readonly mass: number | undefined;
  readonly smallestPivot: number | undefined;
  readonly iteration: number;
  readonly lastGood: Parameters | undefined;
  readonly reason: MixtureError;

  constructor(
    reason: MixtureError,
    iteration: number,
    statistics: Statistics | undefined,
    lastGood: Parameters | undefined,
  ) {
    super(reason.message, { cause: reason });
    this.reason = reason;
    this.component = reason.details['component'] as number;
    this.smallestPivot = reason.details['smallestPivot'] as number | undefined;
    this.mass = statistics?.componentMass[this.component];
    this.iteration = iteration;
    this.lastGood = lastGood;
  }
}

/**
 * Expectation-maximization, the loop of every mixture. As in scikit-learn, an iteration's bound belongs to the parameters
 * that entered it, so those returned are one M-step newer; the first iteration of a cold start never converges.
 * @throws Collapse, or the signal's reason
 */
export async function* iterate(run: Run, start: Parameters): AsyncGenerator<Iteration, void> {
  checkStartDensity(run, start);
  let parameters = start;
  let previous = run.previousLowerBound;
  let before = -Infinity;
  for (let iteration = 1; iteration <= run.maxIter; iteration++) {
    const done = await iterateOnce(run, iteration, parameters, previous);
    const converged = done.converged || swings(run, done, before);
    parameters = done.parameters;
    before = previous;
    previous = done.lowerBound;
    yield { ...done, converged };
    if (converged) return;
  }
}

/**
 * Whether a float32 side goes to and fro between two roundings of the same parameters, where a smaller `tol` is asked for than they
 * differ by: the bound is within `tol` of the one before the last. @param before that bound
 */
function swings({ tol, seam }: Run, { change, lowerBound }: Iteration, before: number): boolean {
  return Math.abs(change) < seam.unitRoundoff && Math.abs(lowerBound - before) < tol;
}

/** An E-step over all samples and an M-step. @param previous the bound before, which the change is from */
export async function iterateOnce(
  run: Run,
  iteration: number,
  parameters: Parameters,
  previous: number,
): Promise<Iteration> {
  const started = performance.now();
  const pause = pacer(run.signal);
  const { logLikelihood, statistics } = await run.seam.eStep(parameters, run.signal, run.how);
  await refuseImpossible(run, iteration, parameters, logLikelihood);
  // (of many components and features each of these takes some milliseconds)
  await pause();
  const next = maximise(run, iteration, statistics, parameters);
  await pause();
  const pass = { logLikelihood, statistics, at: parameters, next, previous, started };
  return report(run, iteration, pass);
}

/** What one iteration came to. */
export interface Pass {
  /** Of all samples, weights scaled to sum N, under the parameters `at` (or less: a bound of it). */
  readonly logLikelihood: number;
  /** Of the same E-step, where there was one over all samples. */
  readonly statistics?: Statistics;
  readonly at: Parameters;
  readonly next: Parameters;
  readonly previous: number;
  readonly started: number;
}

/** An iteration as its run reports it. */
export function report(
  run: Run,
  iteration: number,
  { logLikelihood, statistics, at, next, previous, started }: Pass,
): Iteration {
  const { mStepOptions, family, dataset } = run;
  const { massScale, mixturePrior } = mStepOptions;
  const standardisation = dataset.standardisationFor(family);
  const total = logLikelihood * massScale;
  const logPrior = mixturePrior
    ? logPriorOf(family, family.restore(at, standardisation), mixturePrior)
    : 0;
  const evidence =
    statistics &&
    family.evidenceBound?.({
      logLikelihood: total,
      statistics: scaleStatistics(statistics, massScale),
      before: at,
      after: next,
      standardisation,
    });
  const lowerBound = evidence ?? (total + logPrior) / dataset.totalWeight;
  // (a start that the prior forbids has a bound of -Infinity, as has no bound at all)
  const change = previous === -Infinity ? Infinity : lowerBound - previous;
  return {
    iteration,
    lowerBound,
    logLikelihood: total,
    logPrior,
    change,
    converged: Math.abs(change) < leastChange(run, lowerBound),
    milliseconds: performance.now() - started,
    parameters: next,
  };
}

/** @throws Collapse where a component of the start has no density */
export function checkStartDensity({ family, dataset }: Run, start: Parameters): void {
  const standardisation = dataset.standardisationFor(family);
  collapsing(0, undefined, undefined, () => family.density(start, standardisation));
}

/** The M-step, its parameters checked to have a density. @throws Collapse */
export function maximise(
  run: Run,
  iteration: number,
  statistics: Statistics,
  parameters: Parameters,
): Parameters {
  const { family, dataset, mStepOptions } = run;
  return collapsing(iteration, statistics, parameters, () => {
    const maximised = run.maximise
      ? run.maximise(statistics, parameters)
      : mStep(family, statistics, parameters, mStepOptions);
    densityAhead(family, maximised, dataset.standardisationFor(family));
    return maximised;
  });
}

/** @throws MixtureError INVALID_OPTION where the log-likelihood is not finite, naming a sample */
export async function refuseImpossible(
  { dataset, seam, restart, signal }: Pick<Run, 'dataset' | 'seam' | 'restart' | 'signal'>,
  iteration: number,
  parameters: Parameters,
  logLikelihood: number,
): Promise<void> {
  if (Number.isFinite(logLikelihood)) return;
  const scores = await seam.scoreSamples(parameters, signal);
  const { relativeWeights } = dataset;
  const sample = scores.findIndex(
    (score, n) => !Number.isFinite(score) && !(relativeWeights && relativeWeights[n] === 0),
  );
  throw new MixtureError(
    'INVALID_OPTION',
    `In iteration ${iteration} sample ${sample} is impossible under every component, or so far out that its density is 0 even in log space.`,
    'Start closer to the data (other means, wider covariances, no rate or probability of exactly 0), or scale the columns.',
    { iteration, restart, sample },
  );
}

/**
 * The change below which a run has converged: tol, or what rounding alone makes of it where that is more. Log-densities, less
 * their constants, are of the size of D. A bound that is a total (`evidenceBound`) has the rounding of a total, W D units. Under
 * hard assignment EM comes to rest at a partition, whatever tol: the same one again changes nothing but rounding.
 */
function leastChange({ dataset, family, seam, how, tol }: Run, lowerBound: number): number {
  const rounding = dataset.nFeatures * seam.unitRoundoff;
  if (how && isHard(how)) return Math.max(tol, rounding * Math.max(1, Math.abs(lowerBound)));
  if (!family.evidenceBound || tol === 0) return tol;
  return Math.max(tol, dataset.totalWeight * rounding);
}

/** Runs `compute`; what it throws of a component without a density or a mode ends the run as a `Collapse`. */
export function collapsing<T>(
  iteration: number,
  statistics: Statistics | undefined,
  lastGood: Parameters | undefined,
  compute: () => T,
): T {
  try {
    return compute();
  } catch (error) {
    const collapsed =
      error instanceof MixtureError &&
      (error.code === 'COLLAPSED_COMPONENT' || error.code === 'NO_MODE');
    throw collapsed ? new Collapse(error, iteration, statistics, lastGood) : error;
  }
}
