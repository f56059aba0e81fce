import type { Context, Dataset, GaussianMixture } from '../../index.ts';
import type { SourceData } from '../data/source-data.ts';
import type { Comparison, FittedTrial } from '../results/comparison.ts';
import type { Fitted } from '../results/fitted.ts';
import { LatestTask } from '../shared/latest-task.ts';
import { settingsOf } from './choosable.ts';
import { Comparing, mixtureOf } from './comparing.ts';
import { isDeviceFault, isLoss, unlessLeft } from './device-loss.ts';
import { editedOr, type Edit } from './edit.ts';
import { FitRun } from './fit-run.ts';
import type { Frame } from './frame.ts';
import { Gate } from './gate.ts';
import { Gesture } from './gesture.ts';
import { LoadedSamples } from './loaded-samples.ts';
import { ENDS, isFit, type Phase, type Suspended, type Work } from './phases.ts';
import { Player, type Fitting } from './player.ts';
import { prepare } from './prepare.ts';
import { tooMany } from './resize.ts';
import { replay, type Script } from './script.ts';
import type { SessionView } from './session-view.ts';
import type { FitSettings } from './settings.ts';
import { Timeline, type Position } from './timeline.ts';

/**
 * One data set, one fit of it at a time, and the history of that fit: any frame of it may be shown, and from any frame it goes on,
 * first through what is known, then with EM. What is wanted is kept apart from what is loaded, so that any number of changes, at
 * any moment, end in the last one: the fit under way is aborted and leaves nothing behind.
 */
export class FitSession {
  readonly #view: SessionView;
  readonly #gate: Gate;
  readonly #samples: LoadedSamples;
  readonly #timeline: Timeline;
  readonly #gesture: Gesture;
  readonly #player: Player;
  readonly #comparing: Comparing;
  readonly #task = new LatestTask((error) => this.#fail(error));
  #settings: FitSettings;
  #phase: Phase = 'loading';
  #starts: Float64Array | undefined;
  /** What was asked for and is not done yet. */
  #work: Work = {};
  #suspended: Suspended | undefined;

  /**
   * @param playing whether a fit runs by itself or waits for `play`
   * @param speed iterations a second, see `setSpeed`
   */
  constructor(
    context: Context,
    view: SessionView,
    settings: FitSettings,
    playing: boolean,
    speed = 12,
  ) {
    this.#samples = new LoadedSamples(context);
    this.#view = view;
    this.#settings = settings;
    this.#gate = new Gate(playing, 1000 / speed);
    this.#timeline = new Timeline(view, (error) => this.#fail(error));
    this.#gesture = new Gesture(this.#timeline);
    this.#comparing = new Comparing(view, this.#timeline);
    this.#player = new Player(this.#timeline, this.#gate, {
      open: (plan, dataset, signal) =>
        new FitRun(dataset, plan, {
          settings: this.#settings,
          history: this.#timeline.history,
          context: this.#samples.context,
          signal,
        }),
      context: () => this.#samples.context,
      onPhase: (phase) => this.#enter(phase),
      onDiagnosis: (diagnostics) => view.onDiagnosis(diagnostics),
      onError: (error) => this.#fail(error),
    });
  }

  get phase(): Phase {
    return this.#phase;
  }

  get data(): SourceData | undefined {
    return this.#samples.data;
  }

  get dataset(): Dataset | undefined {
    return this.#samples.dataset;
  }

  get settings(): FitSettings {
    return this.#settings;
  }

  /** What is known of the fit, and the frame that is shown. */
  get position(): Position {
    return this.#timeline;
  }

  /** The mixture that is shown. */
  get mixture(): GaussianMixture | undefined {
    return this.#timeline.frame?.mixture;
  }

  /** Takes new samples and settings and begins their fit, or one from these means, which goes as the script says. */
  load(data: SourceData, settings: FitSettings, script?: Script, placed?: Float64Array): void {
    this.#samples.want(data);
    this.configure(settings, script, placed);
  }

  /** Begins the fit again with these settings. */
  configure(settings: FitSettings, script?: Script, placed?: Float64Array): void {
    this.#settings = settings;
    this.#gate.release();
    this.#begin(placed, script);
  }

  /** Changes and looks at what is shown as the script says. */
  replay(script: Script): void {
    this.#start({ script });
  }

  /** Begins a fit at these means, n x D, row-major: n components of equal weight with the data's covariance. */
  placeStarts(means: Float64Array): void {
    const nComponents = means.length / this.dataset!.nFeatures;
    this.#settings = { ...this.#settings, nComponents };
    this.#begin(means.slice());
  }

  /**
   * The number of components. Where a mixture is shown the fit goes on from there: the worst fitted component is split, or the two
   * closest are merged. Else it begins anew.
   */
  setComponents(nComponents: number): void {
    const settings = { ...this.#settings, nComponents };
    if (!this.mixture || !isFit(this.#phase)) return this.configure(settings);
    const refusal = tooMany(nComponents, this.data!.samples);
    if (refusal) return this.#view.onRefused(refusal);
    this.#settings = settings;
    this.#start({ nComponents });
  }

  /** So many components more, or fewer, than are shown or on their way. */
  addComponents(by: number): void {
    const now = this.#work.nComponents ?? this.mixture?.nComponents ?? this.#settings.nComponents;
    this.setComponents(Math.max(1, now + by));
  }

  /** Fits mixtures of several sizes. What is shown stays until one of them is chosen. */
  compare(comparison: Comparison): void {
    if (this.#hold(() => this.compare(comparison))) return;
    this.#gate.clear();
    this.#comparing.chosen = undefined;
    this.#comparing.asked = comparison;
    this.#enter('comparing');
    this.#replace(async (signal) => {
      const dataset = await this.#load(signal);
      const { context } = this.#samples;
      await this.#comparing.run(comparison, this.#settings, { dataset, context }, signal);
      this.#enter('chosen');
    });
  }

  /** Ends the comparison; what was chosen so far stays. */
  cancelComparison(): void {
    if (this.#phase !== 'comparing') return;
    if (!this.#comparing.chosen) return this.configure(this.#settings);
    this.#replace(() => Promise.resolve(this.#enter('chosen')));
  }

  /**
   * Shows one of the compared mixtures, while others may still be fitted, or one that was fitted elsewhere; ends a fit that is under
   * way.
   * @throws MixtureError INVALID_MODEL for one that the page could not go on from
   */
  choose(chosen: FittedTrial | GaussianMixture): void {
    this.#settings = settingsOf(mixtureOf(chosen), this.#settings);
    if (this.#hold(() => this.choose(chosen))) return;
    this.#comparing.chosen = chosen;
    const show = () =>
      this.#comparing.show(() => ({ dataset: this.dataset!, context: this.#samples.context }));
    if (this.#phase === 'comparing') {
      show().catch((error: unknown) => this.#fail(error));
      return;
    }
    this.#replace(async (signal) => {
      if (!this.#samples.isHere) await this.#load(signal);
      await show();
      this.#enter('chosen');
    });
  }

  /** Back to the start, paused. */
  reset(): void {
    this.#gate.close();
    this.#begin(this.#starts);
  }

  play(): void {
    this.#gate.open();
    if (this.#phase === 'paused') this.#enter('running');
    // from an end, from the beginning
    else if (!['running', 'loading', 'suspended'].includes(this.#phase)) this.#begin(this.#starts);
  }

  /** The iteration under way is finished; then the phase is `paused`. */
  pause(): void {
    this.#gate.close();
  }

  stepOnce(): void {
    if (this.#phase === 'paused' || this.#phase === 'running') this.#gate.stepOnce();
  }

  stepBack(): void {
    const { frame, history } = this.#timeline;
    if (frame) this.seek(history.indexOf(frame) - 1);
  }

  /** Iterations a second at most; Infinity: as fast as they come, drawn once a screen at most. */
  setSpeed(perSecond: number): void {
    this.#gate.interval = 1000 / perSecond;
  }

  /** Shows the frame of that index in the restart shown, paused; the nearest end for one that there is not. */
  seek(index: number): void {
    const frame = this.#timeline.at(index);
    if (frame && this.#phase !== 'comparing') this.#look(frame);
  }

  /** Shows the frame nearest to that iteration of that restart, paused. */
  seekIteration(restart: number, iteration: number): void {
    const { frame, history } = this.#timeline;
    if (!frame || this.#phase === 'comparing') return;
    if (restart !== frame.restart) this.#timeline.picked = restart;
    this.#look(history.nearest(restart, iteration));
  }

  /** Shows and follows this restart; undefined: the best so far. */
  showRestart(restart: number | undefined): void {
    this.#timeline.follow(restart);
    this.#gate.wake();
  }

  /** Components are being dragged: a fit that runs waits until `endEdit`. */
  beginEdit(): void {
    this.#gesture.begin(this.#phase === 'running');
    this.#gate.close();
  }

  endEdit(): void {
    if (this.#gesture.end()) this.play();
  }

  /**
   * Changes a component of the mixture shown; what came after it in this restart is forgotten, and the fit goes on from here. Of many
   * edits between `beginEdit` and `endEdit` only the last is kept.
   * @returns false where the edit is refused: then nothing changes, and the view is told why
   */
  edit(edit: Edit): boolean {
    const { frame } = this.#timeline;
    if (!frame || !(isFit(this.#phase) || this.#phase === 'chosen')) return false;
    const mixture = editedOr(frame.mixture, edit, (error) => this.#view.onRefused(error));
    if (!mixture) return false;
    this.#gesture.put(frame, mixture);
    this.#start({ edited: true });
    return true;
  }

  /** The device is gone: what runs ends, and all that is known is kept until `resume`. */
  suspend(): void {
    if (this.#suspended) return;
    this.#suspended = { phase: this.#phase, work: this.#work };
    this.#enter('suspended');
    this.#replace(() => Promise.resolve());
  }

  /** Goes on with another context: from the last iteration, and running if it ran. */
  resume(context: Context): void {
    this.suspend();
    const { phase, work, asked } = this.#suspended!;
    this.#suspended = undefined;
    this.#samples.context = context;
    this.#timeline.renewShowing();
    if (!this.#samples.isAny) return this.#enter('loading');
    if (asked) return asked();
    if (phase === 'comparing') return this.compare(this.#comparing.asked!);
    if (phase !== 'chosen' && (phase !== 'failed' || work.again)) return this.#start(work);
    this.#replace((signal) => this.#load(signal).then(() => this.#enter(phase)));
  }

  /** Asks something of the mixture shown, between two frames; undefined where there is none. */
  ask<T>(question: (fitted: Fitted) => Promise<T>): Promise<T | undefined> {
    return this.#timeline.showing.between(async () => {
      const { mixture, dataset, data } = this;
      if (!mixture || !dataset || !data) return undefined;
      return question({ mixture, dataset, data, context: this.#samples.context });
    });
  }

  #begin(starts: Float64Array | undefined, script?: Script): void {
    this.#starts = starts;
    this.#gate.clear();
    this.#enter('loading');
    this.#start({ anew: { starts }, script });
  }

  #start(work: Work): void {
    this.#comparing.chosen = undefined;
    this.#work = work;
    // (whoever asks to go on before the fit that ended is cleared away means this one)
    if (!work.anew && ENDS.has(this.#phase)) this.#enter(this.#gate.isOpen ? 'running' : 'paused');
    // a lost device takes nothing up; `resume` does
    if (this.#suspended) this.#suspended = { phase: 'loading', work };
    else this.#replace((signal) => this.#fit(work, signal));
  }

  /** Keeps for `resume` what a lost device cannot do. @returns whether the device is lost */
  #hold(asked: () => void): boolean {
    if (!this.#suspended) return false;
    this.#suspended = { ...this.#suspended, asked };
    return true;
  }

  async #fit(work: Work, signal: AbortSignal): Promise<void> {
    const dataset = await this.#load(signal);
    await prepare(work, {
      timeline: this.#timeline,
      gesture: this.#gesture,
      settings: this.#settings,
      data: this.data!,
      dataset,
      at: { context: this.#samples.context, signal },
      onStart: () => this.#view.onStart(this.#settings),
    });
    const { script } = work;
    // (a device that is lost on the way begins with it again)
    this.#work = script ? work : {};
    const prelude = async (fitting: Fitting) => {
      await replay(script!, this.#timeline, fitting);
      this.#work = {};
      const { nComponents } = this.mixture ?? this.#settings;
      this.#settings = { ...this.#settings, nComponents };
      if (script!.look) this.#gate.close();
    };
    await this.#player.play(dataset, signal, script && prelude);
  }

  #look(frame: Frame): void {
    // (whoever plays is woken and finds the frame)
    this.#gate.hold();
    if (frame === this.#timeline.frame) return;
    this.#timeline.look(frame);
    // nobody plays what was chosen; from here on it is a fit, of which all is known
    if (this.#phase === 'chosen') this.#start({});
  }

  /** The wanted samples on the device; the same ones on another device are coloured again. */
  async #load(signal: AbortSignal): Promise<Dataset> {
    let isAgain = false;
    const { frame, showing } = this.#timeline;
    const onLoaded = (dataset: Dataset, data: SourceData, again: boolean) =>
      showing.between(() => {
        isAgain = again;
        if (!again) showing.forget();
        return Promise.resolve(this.#view.onData(dataset, data, again));
      });
    const dataset = await this.#samples.load(signal, onLoaded, () => this.#forget());
    if (isAgain && frame) await this.#timeline.show(frame);
    return dataset;
  }

  /** What is shown is of other samples than those asked for. */
  #forget(): void {
    this.#timeline.clear();
    this.#view.onStart(this.#settings);
  }

  #replace(work: (signal: AbortSignal) => Promise<void>): void {
    void this.#task.replace(unlessLeft(work));
  }

  /** A device that is lost is no fault of the fit's: it waits for another one. */
  #fail(error: unknown): void {
    if (isLoss(error, this.#samples.context)) return this.suspend();
    if (isDeviceFault(error)) this.#work = { ...this.#work, again: true };
    this.#enter('failed');
    this.#view.onError(error);
  }

  #enter(phase: Phase): void {
    if (phase === this.#phase) return;
    this.#phase = phase;
    this.#view.onPhase(phase);
  }
}
