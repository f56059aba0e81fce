import type { Dataset, GaussianMixture } from '../../index.ts';
import type { SourceData } from '../data/source-data.ts';
import type { Frame } from '../fit/frame.ts';
import type { SessionView } from '../fit/session-view.ts';
import { element, setText } from '../shared/elements.ts';
import { count } from '../shared/format.ts';
import { AxisPickers } from './axis-pickers.ts';
import { marginals } from './marginal.ts';
import { Overlay } from './overlay.ts';
import type { Projection } from './projection.ts';
import type { Scatter } from './scatter.ts';
import type { ViewStore } from './view-state.ts';
import { windowOf } from './view-window.ts';

/** How the components are drawn, by the number of features; 3 stands for more as well. */
const MARKS_NOTE = [
  '',
  'Heights are random, as there is one feature; the curves are the weighted densities.',
  'Ellipses at 1σ (solid) and 2σ (dashed).',
  'Ellipses at 1σ (solid) and 2σ (dashed) of the two features shown.',
];

/** The samples and the components over them: what the view state says of the frame that is shown. */
export class Picture implements Partial<SessionView> {
  readonly #scatter: Scatter;
  readonly #view: ViewStore;
  readonly #overlay = new Overlay(element('overlay', SVGSVGElement));
  readonly #axes = new AxisPickers((projection) => this.#show(projection));
  readonly #resize = new ResizeObserver(() => this.#draw());
  readonly #unsubscribe: () => void;
  #data: SourceData | undefined;
  #mixture: GaussianMixture | undefined;

  constructor(scatter: Scatter, view: ViewStore) {
    this.#scatter = scatter;
    this.#view = view;
    this.#resize.observe(element('plot', HTMLElement));
    this.#unsubscribe = view.subscribe((state, before) => {
      if (state.colouring !== before.colouring && this.#mixture) {
        void this.#colour(this.#mixture).then(() => this.#draw());
      } else {
        this.#draw();
      }
    });
  }

  /** Lets go of the page, where a new device takes over. */
  dispose(): void {
    this.#unsubscribe();
    this.#resize.disconnect();
    this.#scatter.dispose();
  }

  onData(dataset: Dataset, data: SourceData): void {
    this.#data = data;
    this.#mixture = undefined;
    this.#scatter.setData(dataset, data);
    const { nDrawn } = this.#scatter;
    setText(
      element('drawn', HTMLElement),
      nDrawn === dataset.nSamples
        ? `All ${count(nDrawn)} samples are drawn.`
        : `${count(nDrawn)} of ${count(dataset.nSamples)} samples are drawn; all are fitted.`,
    );
    setText(element('marks-note', HTMLElement), MARKS_NOTE[Math.min(3, dataset.nFeatures)]);
    this.#axes.listFeatures(data.featureNames);
    this.#view.set({ colouring: { by: 'component' }, highlighted: undefined, selected: undefined });
    this.#show(this.#axes.projection);
  }

  onStart(): void {
    this.#mixture = undefined;
  }

  async onFrame({ mixture }: Frame): Promise<void> {
    await this.#colour(mixture);
    this.#mixture = mixture;
    this.#draw();
  }

  #show(projection: Projection): void {
    if (!this.#data) return;
    this.#view.set({ projection, window: windowOf(this.#data, projection) });
  }

  async #colour(mixture: GaussianMixture): Promise<void> {
    await this.#scatter.colour(mixture, this.#view.value.colouring);
  }

  #draw(): void {
    if (!this.#data) return;
    const state = this.#view.value;
    this.#scatter.draw(state);
    this.#overlay.draw({
      window: state.window,
      xName: state.projection.xName,
      yName: state.projection.yName,
      components: this.#mixture ? marginals(this.#mixture, state.projection) : [],
      dark: state.dark,
    });
  }
}
