import { MixtureError } from '../errors.ts';
import type { Family, Parameters } from '../families/family.ts';
import { scaleStatistics, type Statistics } from '../families/statistics.ts';
import type { Dataset } from './dataset.ts';
import { logPriorOf, mStep, type Maximisation } from './m-step.ts';
import { isHard, type Responsibilities } from './responsibilities.ts';
import type { Seam } from './seam.ts';

/** One run of EM, from one start. */
export interface Run {
  readonly dataset: Dataset;
  readonly family: Family;
  readonly seam: Seam;
  readonly mStepOptions: Maximisation;
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
  const { dataset, family, seam, mStepOptions, how, maxIter, signal } = run;
  let parameters = start;
  collapsing(0, undefined, undefined, () =>
    family.density(start, dataset.standardisationFor(family)),
  );
  let previous = run.previousLowerBound;
  for (let iteration = 1; iteration <= maxIter; iteration++) {
    const started = performance.now();
    const { logLikelihood, statistics } = await seam.eStep(parameters, signal, how);
    const total = logLikelihood * mStepOptions.massScale;
    const standardisation = dataset.standardisationFor(family);
    const prior = mStepOptions.mixturePrior;
    const logPrior = prior
      ? logPriorOf(family, family.restore(parameters, standardisation), prior)
      : 0;
    if (!Number.isFinite(logLikelihood)) {
      const scores = await seam.scoreSamples(parameters, signal);
      const sample = scores.findIndex((score) => !Number.isFinite(score));
      throw new MixtureError(
        'INVALID_OPTION',
        `In iteration ${iteration} sample ${sample} is impossible under every component, or so far out that its density is 0 even in log space.`,
        'Start closer to the data (other means, wider covariances, no rate or probability of exactly 0), or scale the columns.',
        { iteration, restart: run.restart, sample },
      );
    }
    const next = collapsing(iteration, statistics, parameters, () => {
      const maximised = mStep(family, statistics, parameters, mStepOptions);
      family.density(maximised, standardisation);
      return maximised;
    });
    const lowerBound =
      family.evidenceBound?.({
        logLikelihood: total,
        statistics: scaleStatistics(statistics, mStepOptions.massScale),
        before: parameters,
        after: next,
        standardisation,
      }) ?? (total + logPrior) / dataset.totalWeight;
    // (a start that the prior forbids has a bound of -Infinity, as has no bound at all)
    const change = previous === -Infinity ? Infinity : lowerBound - previous;
    const converged = Math.abs(change) < leastChange(run, lowerBound);
    parameters = next;
    previous = lowerBound;
    yield {
      iteration,
      lowerBound,
      logLikelihood: total,
      logPrior,
      change,
      converged,
      milliseconds: performance.now() - started,
      parameters,
    };
    if (converged) return;
  }
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
