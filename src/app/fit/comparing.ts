import { GaussianMixture, selectComponentsSteps } from '../../index.ts';
import type { Context, Dataset, FitStep } from '../../index.ts';
import type { Comparison, FittedTrial } from '../results/comparison.ts';
import type { Frame } from './frame.ts';
import { History, MOST_BYTES } from './history.ts';
import type { Lane } from './history.ts';
import type { SessionView } from './session-view.ts';
import type { FitSettings } from './settings.ts';
import type { Timeline } from './timeline.ts';

interface At {
  readonly dataset: Dataset;
  readonly context: Context;
}

/** The comparison of a session: mixtures of several sizes, and the one of them that is shown. */
export class Comparing {
  /** What was asked for last. */
  asked: Comparison | undefined;
  /** One of the compared mixtures, or one from a file. */
  chosen: FittedTrial | GaussianMixture | undefined;
  readonly #view: SessionView;
  readonly #timeline: Timeline;
  /** How each of them came about, the best of its starts, by its mixture. */
  readonly #lanes = new WeakMap<GaussianMixture, Lane>();

  constructor(view: SessionView, timeline: Timeline) {
    this.#view = view;
    this.#timeline = timeline;
  }

  /** Fits them, and tells of each. An abort between two steps comes out of the next one. */
  async run(
    { from, to, nInit, criterion }: Comparison,
    settings: FitSettings,
    { dataset, context }: At,
    signal: AbortSignal,
  ): Promise<void> {
    const view = this.#view;
    view.onComparison({ from, to, nInit, criterion }, settings);
    const { covarianceType, seed, tol, maxIter, regCovar } = settings;
    const room = MOST_BYTES / (to - from + 1);
    let history = new History(room);
    const steps = selectComponentsSteps(dataset, {
      tol,
      maxIter,
      regCovar,
      // they start where one start is about as good as another, not where a fit is slow and worth watching
      initParams: 'k-means++',
      nComponents: Array.from({ length: to - from + 1 }, (_, i) => from + i),
      covarianceTypes: [covarianceType],
      criterion,
      nInit,
      seed,
      context,
      signal,
      onIteration(step) {
        history.push(stepOf(step));
        view.onTrialStep(step);
      },
    });
    for (;;) {
      const { done, value } = await steps.next();
      if (done === true) {
        view.onCompared(value);
        break;
      }
      const { mixture } = value.candidate;
      if (mixture) this.#lanes.set(mixture, laneTo(mixture, history));
      history = new History(room);
      view.onTrial(value);
    }
    // the last one chosen is shown
    await this.#timeline.showing.idle();
  }

  /** Shows the one that is chosen, in place of the fit that was shown, and then what it is worth. */
  async show(at: () => At): Promise<void> {
    const { chosen } = this;
    if (!chosen) return;
    const mixture = mixtureOf(chosen);
    const lane = this.#lanes.get(mixture);
    const frame =
      lane?.frames.at(-1) ?? frameOf(mixture, mixture === chosen ? 'file' : 'comparison');
    this.#timeline.clear(lane ? History.ofLane(lane) : History.of(frame));
    await this.#timeline.show(frame);
    if (chosen !== this.chosen) return;
    const diagnostics = await this.#timeline.showing.between(() => {
      const { dataset, context } = at();
      return mixture.diagnose(dataset, { context });
    });
    if (chosen === this.chosen) this.#view.onDiagnosis(diagnostics);
  }
}

export function mixtureOf(chosen: FittedTrial | GaussianMixture): GaussianMixture {
  return chosen instanceof GaussianMixture ? chosen : chosen.mixture;
}

function stepOf(step: FitStep<GaussianMixture>): Frame {
  const { iteration, restart, lowerBound, change, milliseconds, converged, mixture } = step;
  const by = 'iteration';
  const gain = Number.isFinite(change) ? change : NaN;
  return { iteration, restart, by, lowerBound, change: gain, milliseconds, converged, mixture };
}

/**
 * The start that led to the mixture, which is its last frame's. Its first frame is the first iteration: a selection does not tell of the
 * starts themselves.
 */
function laneTo(mixture: GaussianMixture, history: History): Lane {
  const isWinner = ({ points }: Lane) => points.at(-1)?.lowerBound === mixture.lowerBound;
  const lane = history.lanes.find(isWinner) ?? history.laneOf({ restart: history.best! });
  const frames = [...lane.frames];
  frames[0] = { ...frames[0], by: 'comparison' };
  frames.push({ ...frames.pop()!, by: 'comparison', mixture });
  return { ...lane, frames };
}

/** A mixture that was fitted elsewhere, as a frame. */
function frameOf(mixture: GaussianMixture, by: 'comparison' | 'file'): Frame {
  const { nIter, lowerBound, lowerBounds, converged } = mixture;
  return {
    iteration: nIter,
    restart: 0,
    by,
    lowerBound,
    change: lowerBound - (lowerBounds.at(-2) ?? NaN),
    milliseconds: 0,
    converged,
    mixture,
  };
}
