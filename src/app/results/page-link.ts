import type { Dataset, GaussianMixture } from '../../index.ts';
import type { SourceData } from '../data/source-data.ts';
import { DEFAULTS } from '../fit/settings.ts';
import type { FitSettings } from '../fit/settings.ts';
import type { Phase } from '../fit/phases.ts';
import type { Script } from '../fit/script.ts';
import type { SessionView } from '../fit/session-view.ts';
import type { View } from '../plot/axis-pickers.ts';
import { firstView } from '../plot/first-view.ts';
import type { Projection } from '../plot/projection.ts';
import type { ViewStore } from '../plot/view-state.ts';
import { windowOf } from '../plot/view-window.ts';
import type { ViewWindow } from '../plot/view-window.ts';
import type { ProblemPanel } from '../shared/problem-panel.ts';
import { AddressBar } from './address-bar.ts';
import { encodeState } from './address.ts';
import type { PageState } from './address.ts';
import type { Comparison } from './comparison.ts';
import { storyOf, toldBy } from './page-story.ts';
import type { Story, Told } from './page-story.ts';
import type { RecipeSource } from './recipe-of.ts';
import { axesOfState, colouringOf, stateOf, usualState, windowOfState } from './page-state.ts';

/** Settings of a model, as far as a link says them. */
export type LinkedSettings = {
  readonly [Name in keyof FitSettings]?: FitSettings[Name] | undefined;
};

/** The session, as far as a link has it do something. */
export interface LinkedSession extends RecipeSource {
  load(data: SourceData, settings: FitSettings, script?: Script, placed?: Float64Array): void;
  choose(mixture: GaussianMixture): void;
  replay(script: Script): void;
}

/** The comparison over K. */
export interface LinkedComparison {
  /** As the form says, and as it does by itself. */
  readonly asked: Comparison;
  readonly usual: Comparison;
  /** Fills the form. */
  ask(comparison: Comparison): void;
  /** Compares as the form says, and shows this size. */
  run(nComponents: number): void;
}

export interface PageLinkParts {
  readonly view: ViewStore;
  readonly problems: ProblemPanel;
  /** The id of the data set that the page begins with. */
  readonly first: string;
  /** Iterations a second that a fit of these samples begins with. */
  usualSpeed(data: SourceData): number;
  readonly session: LinkedSession;
  readonly comparison: LinkedComparison;
  speed(): number;
  /** What is chosen of the columns, and those that would be by themselves. */
  choice():
    | { readonly now: { readonly missing: 'fit' | 'leave out' }; readonly usual: readonly string[] }
    | undefined;
  /** Shows another plane. */
  look(view: View): void;
  /** A link asks for these data. Where they cannot be had, the page stays as it is. */
  open(state: PageState): void;
}

/** The address and the page, each following the other: what a link says is held until its data are there. */
export class PageLink implements Partial<SessionView> {
  readonly #parts: PageLinkParts;
  readonly #bar: AddressBar;
  /** Asked for by a link, and not yet applied. */
  #wanted: PageState | undefined;
  #view: { readonly data: SourceData; readonly state: PageState } | undefined;
  /** Sentences, to be shown when the fit that they belong to has begun: a beginning fit clears the panel. */
  #notes: readonly string[] = [];
  /** What the next samples are to be fitted by, as the link says. */
  #asked: PageState | undefined;
  /** To be done with the mixture that is about to be shown. */
  #after: Script | undefined;
  /** The comparison that is shown was made with these. */
  #compared: FitSettings | undefined;
  #story: Story = { state: {}, lacks: [] };
  #whole: { readonly projection: Projection; readonly window: ViewWindow } | undefined;

  constructor(parts: PageLinkParts) {
    this.#parts = parts;
    this.#bar = new AddressBar({
      readState: () => this.#said(),
      applyState: (state) => this.#want(state),
      onProblems: (problems) => (this.#notes = problems),
    });
    parts.view.subscribe(() => this.#bar.changed());
  }

  /** Opens what the address asks for. */
  begin(): void {
    this.#want(this.#bar.read());
  }

  get link(): string {
    return this.#bar.link;
  }

  /** Sentences on what the link leaves out. */
  get lacks(): readonly string[] {
    this.#said();
    return this.#story.lacks;
  }

  /** Something other than the view has changed. */
  changed(): void {
    this.#bar.changed();
  }

  /** Settings that a link asks for with these data, which are about to be loaded. */
  settingsFor(data: SourceData): LinkedSettings {
    const state = this.#wanted;
    this.#view = undefined;
    this.#asked = undefined;
    if (!state || !isOf(state, data, this.#parts.first)) return {};
    this.#wanted = undefined;
    this.#view = { data, state };
    this.#asked = state;
    return state;
  }

  /** Begins the fit of these samples, and does what was done to it where the link is from. */
  load(data: SourceData, settings: FitSettings): void {
    const { session, comparison } = this.#parts;
    const state = this.#asked ?? {};
    this.#asked = undefined;
    const { script, placed, model, problems }: Told = toldBy(state, data, settings);
    this.#notes = [...this.#notes, ...new Set(problems)];
    const comes = model !== undefined || (state.compare && state.picked !== undefined);
    session.load(data, settings, comes ? undefined : script, placed);
    this.#after = comes ? script : undefined;
    if (state.compare) comparison.ask(state.compare);
    if (model) session.choose(model);
    else if (comes) comparison.run(state.picked!);
  }

  /** More rows or other columns of what is shown, about to be loaded: how it is looked at stays, as far as it can. */
  keepView(data: SourceData): void {
    const state = this.#view?.state ?? this.#said()?.state;
    if (state) this.#view = { data, state };
  }

  onData(_dataset: Dataset, data: SourceData, again: boolean): void {
    if (again) return;
    this.#whole = undefined;
    const asked = this.#view;
    if (asked?.data !== data) return;
    this.#view = undefined;
    this.#show(asked.state, data);
  }

  onFrame(): void {
    if (this.#notes.length > 0) {
      this.#parts.problems.show('Not all of the link could be followed', this.#notes.join(' '));
    }
    this.#notes = [];
  }

  onStart(): void {
    this.#after = undefined;
    this.#bar.changed();
  }

  onPosition(): void {
    this.#bar.changed();
  }

  onComparison(_comparison: Comparison, settings: FitSettings): void {
    this.#compared = settings;
  }

  onPhase(phase: Phase): void {
    this.#bar.changed();
    const script = this.#after;
    if (phase !== 'chosen' || !script) return;
    this.#after = undefined;
    // (what is shown is not yet at rest)
    queueMicrotask(() => this.#parts.session.replay(script));
  }

  #want(state: PageState): void {
    this.#wanted = state;
    if (state.data === 'file') {
      this.#notes = [
        ...this.#notes,
        'It is of a file, which no link holds: choose or drop that file, and the settings are applied to it.',
      ];
    }
    this.#parts.open(state);
  }

  /** The plane first: a window belongs to it. */
  #show(state: PageState, data: SourceData): void {
    const { view } = this.#parts;
    const colouring = colouringOf(state, data, state.nComponents ?? data.nComponents);
    view.set({
      ...(state.palette && { palette: state.palette }),
      ...(state.density !== undefined && { density: state.density }),
      ...(colouring && { colouring }),
      ...(state.order && { order: state.order }),
      ...((state.sample ?? Infinity) < data.samples.nSamples && { selected: state.sample }),
      ...(state.component !== undefined && {
        pinned: state.component,
        highlighted: state.component,
      }),
    });
    const usual = firstView(data);
    // (a window without a plane is of the one that is shown first)
    const plane =
      axesOfState(state, data.featureNames) ??
      (state.window && !state.axes && usual.kind === 'pca' ? usual : undefined);
    const window = state.axes && !plane ? undefined : windowOfState(state);
    const isThere = () =>
      plane === undefined || view.value.projection.kind === (plane.kind === 'pca' ? 'pca' : 'axes');
    if (plane) this.#parts.look(plane);
    if (!window) return;
    if (isThere()) return view.set({ window });
    // principal components take a moment
    const stop = view.subscribe(() => {
      if (!isThere()) return;
      stop();
      queueMicrotask(() => view.set({ window }));
    });
  }

  #said(): { state: PageState; usual: PageState } | undefined {
    const { view, session, comparison, first } = this.#parts;
    const { data, settings } = session;
    if (!data || view.value.projection.x.length !== data.featureNames.length) return undefined;
    const { projection } = view.value;
    if (this.#whole?.projection !== projection) {
      this.#whole = { projection, window: windowOf(data, projection) };
    }
    const choice = this.#parts.choice();
    this.#story = storyOf(session);
    const { picked } = this.#story.state;
    const { nComponents = settings.nComponents, ...story } = this.#story.state;
    const state = {
      ...stateOf(data, view.value, this.#whole.window),
      ...settings,
      ...(picked !== undefined && this.#compared),
      nComponents,
      ...story,
      compare: Object.values(comparison.asked).some(Number.isNaN) ? undefined : comparison.asked,
      missing: choice?.now.missing,
      speed: this.#parts.speed(),
    };
    const usual = {
      ...DEFAULTS,
      ...usualState(data, choice?.usual),
      speed: this.#parts.usualSpeed(data),
      // (said where it is to be made)
      compare: picked === undefined ? comparison.usual : undefined,
    };
    // as it is, a page has no address of its own; else its data are said, as another visitor's begins with others
    const isUsual = encodeState(state, { ...usual, data: first }) === '';
    return { state, usual: isUsual ? { ...usual, data: first } : usual };
  }
}

function isOf({ data }: PageState, { origin }: SourceData, first: string): boolean {
  if (origin.kind === 'file') return data === 'file';
  return (data ?? first) === (origin.kind === 'url' ? origin.url : origin.id);
}
