import type { Context, Dataset, Diagnostics, GaussianMixture } from '../../index.ts';
import { unlessAborted } from './device-loss.ts';
import type { FitRun, Plan } from './fit-run.ts';
import type { Frame } from './frame.ts';
import type { Gate } from './gate.ts';
import type { FitPhase } from './phases.ts';
import type { Timeline } from './timeline.ts';

/** Milliseconds of iterations at full speed after which the page has its turn. */
const BREATH = 12;
/** Milliseconds between two frames shown of a fit that hurries to somewhere. */
const GLANCE = 500;

/** What may be asked of the fit before it is played. */
export interface Fitting {
  /** Fits, at no pace, until this is so or nothing is left to fit. */
  fitTo(isThere: () => boolean): Promise<void>;
  replan(change: (plan: Plan) => Plan): Promise<void>;
}

export interface PlayerHandlers {
  open(plan: Plan, dataset: Dataset, signal: AbortSignal): FitRun;
  context(): Context;
  onPhase(phase: FitPhase): void;
  onDiagnosis(diagnostics: Diagnostics): void;
  onError(error: unknown): void;
}

/** Goes on from the frame that is shown whenever the gate lets it: through what is known, then by EM. */
export class Player {
  readonly #timeline: Timeline;
  readonly #gate: Gate;
  readonly #handlers: PlayerHandlers;
  #breathed = 0;
  #glanced = 0;
  #diagnosed: { mixture: GaussianMixture; diagnostics: Diagnostics } | undefined;
  /** The mixture whose diagnosis is on show, or on its way. */
  #diagnosing: GaussianMixture | undefined;

  constructor(timeline: Timeline, gate: Gate, handlers: PlayerHandlers) {
    this.#timeline = timeline;
    this.#gate = gate;
    this.#handlers = handlers;
  }

  /**
   * Never resolves: it waits at the end too, for a step back. Rejects with the signal's reason, or with what the fit throws.
   * @param prelude done first
   */
  async play(
    dataset: Dataset,
    signal: AbortSignal,
    prelude?: (fitting: Fitting) => Promise<void>,
  ): Promise<never> {
    const timeline = this.#timeline;
    let run: FitRun | undefined;
    const open = () => (run ??= this.#handlers.open(timeline.plan, dataset, signal));
    const close = async () => {
      const closing = run;
      if (!closing) return;
      run = undefined;
      timeline.plan = closing.rest;
      await closing.close();
    };
    try {
      await prelude?.({
        fitTo: async (isThere) => {
          while (!isThere() && (run ? !run.ended : isWork(timeline.plan))) {
            await this.#add(open(), signal);
            this.#glance();
            await this.#breathe();
          }
        },
        replan: async (change) => {
          await close();
          timeline.plan = change(timeline.plan);
        },
      });
      for (;;) {
        const goesOn = () => (run ? !run.ended : isWork(timeline.plan));
        const isSpent = run !== undefined && run.isSpent && !run.ended;
        // a fit that has just converged needs no leave to say so
        if (timeline.frame && !isSpent) await this.#wait(goesOn, dataset, signal);
        const { known } = timeline;
        if (known && !isSpent) await this.#show(known, signal);
        else await this.#pull(open(), signal);
        signal.throwIfAborted();
      }
    } finally {
      await close();
    }
  }

  async #pull(run: FitRun, signal: AbortSignal): Promise<void> {
    const timeline = this.#timeline;
    const { looks } = timeline;
    await this.#add(run, signal);
    const { followed } = timeline;
    if (looks === timeline.looks && followed && followed !== timeline.frame) {
      await this.#show(followed, signal);
    }
  }

  /** One more iteration of every restart under way. */
  async #add(run: FitRun, signal: AbortSignal): Promise<void> {
    const timeline = this.#timeline;
    const frames = await run.turn();
    signal.throwIfAborted();
    timeline.add(frames);
    if (!run.ended) return;
    for (const [restart, error] of run.failures) timeline.history.fail(restart, error);
    for (const [restart, mixture] of run.results) timeline.finish(restart, mixture);
  }

  /** At full speed drawing keeps nothing up. */
  async #show(frame: Frame, signal: AbortSignal): Promise<void> {
    const atRest = this.#gate.interval === 0;
    const shown = this.#timeline.show(frame, atRest);
    if (atRest) shown.catch((error: unknown) => this.#handlers.onError(error));
    else await unlessAborted(shown, signal);
  }

  async #wait(goesOn: () => boolean, dataset: Dataset, signal: AbortSignal): Promise<void> {
    const isThere = () => this.#timeline.known !== undefined || goesOn();
    // the end is told when it is seen
    if (!isThere()) await unlessAborted(this.#timeline.showing.idle(), signal);
    await this.#breathe();
    signal.throwIfAborted();
    const settle = () => this.#settle(isThere(), dataset, signal);
    settle();
    await this.#gate.pass(signal, settle, isThere);
  }

  /** Of iterations that nobody waits to see, one now and then. */
  #glance(): void {
    const { followed } = this.#timeline;
    if (!followed || performance.now() - this.#glanced < GLANCE) return;
    this.#glanced = performance.now();
    this.#timeline.show(followed).catch((error: unknown) => this.#handlers.onError(error));
  }

  async #breathe(): Promise<void> {
    if (performance.now() - this.#breathed <= BREATH) return;
    await new Promise((resolve) => void setTimeout(resolve));
    this.#breathed = performance.now();
  }

  #settle(isThere: boolean, dataset: Dataset, signal: AbortSignal): void {
    if (isThere) {
      this.#diagnosing = undefined;
      this.#handlers.onPhase(this.#gate.isOpen ? 'running' : 'paused');
      return;
    }
    const { converged, mixture } = this.#timeline.frame!;
    this.#handlers.onPhase(converged ? 'converged' : 'exhausted');
    if (mixture === this.#diagnosing) return;
    this.#diagnosing = mixture;
    this.#diagnose(mixture, dataset, signal).catch((error: unknown) => {
      if (!signal.aborted) this.#handlers.onError(error);
    });
  }

  async #diagnose(mixture: GaussianMixture, dataset: Dataset, signal: AbortSignal): Promise<void> {
    if (this.#diagnosed?.mixture !== mixture) {
      const diagnostics = await this.#timeline.showing.between(() =>
        mixture.diagnose(dataset, { context: this.#handlers.context(), signal }),
      );
      this.#diagnosed = { mixture, diagnostics };
    }
    if (!signal.aborted && this.#diagnosing === mixture) {
      this.#handlers.onDiagnosis(this.#diagnosed.diagnostics);
    }
  }
}

function isWork({ fresh, from }: Plan): boolean {
  return fresh.count > 0 || from.length > 0;
}
