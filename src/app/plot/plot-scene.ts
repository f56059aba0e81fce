import type { SourceData } from '../data/source-data.ts';
import { drawnSize, placeIn } from '../shared/text-scale.ts';
import { edited } from './component-edit.ts';
import type { ComponentEdit } from './component-edit.ts';
import { peak } from './component-marks.ts';
import type { MarkScene } from './component-marks.ts';
import { marginals } from './marginal.ts';
import type { Components, Marginal } from './marginal.ts';
import { plotMap } from './plot-map.ts';
import type { PlotMap, Point } from './plot-map.ts';
import type { Projection } from './projection.ts';
import type { ViewStore } from './view-state.ts';
import { windowOf } from './view-window.ts';
import type { Limits, ViewWindow } from './view-window.ts';

/** What is in the plot and how it lies there now: the drawing and every gesture read it. */
export class PlotScene {
  readonly view: ViewStore;
  readonly plot: HTMLElement;
  data: SourceData | undefined;
  /** The component whose handles are shown. */
  shaped: number | undefined;
  /** The component that the keyboard has taken hold of. */
  held: number | undefined;
  /** The one of the components' numbers that Tab comes to. */
  tabStop = 0;
  /** Starts placed so far, in the user's units of the plane; undefined while none are being placed. */
  starts: readonly Point[] | undefined;
  /** Where Enter places the next one, in the user's units; undefined until a key moves it. */
  crosshair: Point | undefined;
  readonly #onChange: () => void;
  #mixture: Components | undefined;
  #draft: Components | undefined;
  #marginals: { components: Components; projection: Projection; of: Marginal[] } | undefined;
  #whole: { data: SourceData; projection: Projection; window: ViewWindow } | undefined;

  /** @param onChange called when something other than the view state has changed */
  constructor(view: ViewStore, plot: HTMLElement, onChange: () => void) {
    this.view = view;
    this.plot = plot;
    this.#onChange = onChange;
  }

  /** The mixture that is shown, with what a hand is doing to it. */
  get components(): Components | undefined {
    return this.#draft ?? this.#mixture;
  }

  get marginals(): readonly Marginal[] {
    const { components } = this;
    const { projection } = this.view.value;
    if (!components) return [];
    const kept = this.#marginals;
    if (kept?.components === components && kept.projection === projection) return kept.of;
    const of = marginals(components, projection);
    this.#marginals = { components, projection, of };
    return of;
  }

  get map(): PlotMap {
    const { width, height } = drawnSize(this.plot);
    return plotMap(this.view.value.window, width, height);
  }

  get oneFeature(): boolean {
    return this.view.value.projection.y === undefined;
  }

  /** The window that holds every sample in the present projection. */
  get whole(): ViewWindow {
    return this.wholeOf(this.view.value.projection);
  }

  get limits(): Limits {
    return { whole: this.whole, fixedY: this.oneFeature };
  }

  get marks(): MarkScene {
    const { window, dark } = this.view.value;
    return {
      map: this.map,
      window,
      dark,
      oneFeature: this.oneFeature,
      highest: this.oneFeature ? Math.max(...this.marginals.map(peak)) : 1,
    };
  }

  /** Kept for one projection: it reads every sample. */
  wholeOf(projection: Projection): ViewWindow {
    const { data } = this;
    if (!data) return this.view.value.window;
    if (this.#whole?.data !== data || this.#whole.projection !== projection) {
      this.#whole = { data, projection, window: windowOf(data, projection) };
    }
    return this.#whole.window;
  }

  /** Changes some of the fields above and draws. */
  set(
    change: Partial<Pick<PlotScene, 'shaped' | 'held' | 'tabStop' | 'starts' | 'crosshair'>>,
  ): void {
    Object.assign(this, change);
    this.#onChange();
  }

  showMixture(mixture: Components | undefined): void {
    this.#mixture = mixture;
    const isThere = (component = 0) => mixture !== undefined && component < mixture.nComponents;
    if (!isThere(this.shaped)) this.shaped = undefined;
    if (!isThere(this.held)) this.held = undefined;
    this.#onChange();
  }

  /** Draws one component as it is being changed by hand, until `endDraft`. */
  draft(base: Components, edit: ComponentEdit): void {
    this.#draft = edited(base, edit);
    this.#onChange();
  }

  endDraft(): void {
    if (!this.#draft) return;
    this.#draft = undefined;
    this.#onChange();
  }

  /** A pointer's place, in the units that the plot is drawn in, from its corner. */
  placeOf(event: { readonly clientX: number; readonly clientY: number }): Point {
    return placeIn(this.plot, event);
  }
}
