import { MixtureError } from '../errors.ts';
import type { Family, MStepOptions, Parameters } from '../families/family.ts';
import type { Statistics } from '../families/statistics.ts';
import type { Dataset } from './dataset.ts';
import type { Seam } from './seam.ts';

/** One run of EM, from one start. */
export interface Run {
  readonly dataset: Dataset;
  readonly family: Family;
  readonly seam: Seam;
  readonly mStepOptions: MStepOptions;
  readonly restart: number;
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
  /** Per sample, of the parameters that entered this iteration. */
  readonly lowerBound: number;
  readonly change: number;
  readonly converged: boolean;
  readonly milliseconds: number;
  /** After this iteration, in standardised units. */
  readonly parameters: Parameters;
}

/** Thrown out of a run whose covariance stopped being positive definite, with the parameters before that. */
export class Collapse extends Error {
  readonly component: number;
  readonly mass: number | undefined;
  readonly smallestPivot: number;
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
    this.smallestPivot = reason.details['smallestPivot'] as number;
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
  const { dataset, family, seam, mStepOptions, tol, maxIter, signal } = run;
  let parameters = start;
  checkPositiveDefinite(run, start, 0, undefined, undefined);
  let previous = run.previousLowerBound;
  for (let iteration = 1; iteration <= maxIter; iteration++) {
    const started = performance.now();
    const { logLikelihood, statistics } = await seam.eStep(parameters, signal);
    const lowerBound = logLikelihood / dataset.nSamples;
    if (!Number.isFinite(lowerBound)) {
      throw new MixtureError(
        'INVALID_OPTION',
        `In iteration ${iteration} some sample is so far from every component that its density is 0 even in log space.`,
        'Start closer to the data (other means, wider covariances), or scale the columns.',
        { iteration, restart: run.restart },
      );
    }
    const next = family.mStep(statistics, parameters, mStepOptions);
    checkPositiveDefinite(run, next, iteration, statistics, parameters);
    const change = lowerBound - previous;
    const converged = Math.abs(change) < tol;
    parameters = next;
    previous = lowerBound;
    yield {
      iteration,
      lowerBound,
      change,
      converged,
      milliseconds: performance.now() - started,
      parameters,
    };
    if (converged) return;
  }
}

function checkPositiveDefinite(
  { family, dataset }: Run,
  parameters: Parameters,
  iteration: number,
  statistics: Statistics | undefined,
  lastGood: Parameters | undefined,
): void {
  try {
    family.density(parameters, dataset.standardisation);
  } catch (error) {
    if (error instanceof MixtureError && error.code === 'COLLAPSED_COMPONENT') {
      throw new Collapse(error, iteration, statistics, lastGood);
    }
    throw error;
  }
}
