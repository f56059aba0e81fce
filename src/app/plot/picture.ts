import type { Dataset, GaussianMixture } from '../../index.ts';
import type { SourceData } from '../data/source-data.ts';
import type { Frame } from '../fit/frame.ts';
import type { Phase } from '../fit/phases.ts';
import type { SessionView } from '../fit/session-view.ts';
import { element, setText } from '../shared/elements.ts';
import { count } from '../shared/format.ts';
import { drawnInWords, nLacking } from './drawn.ts';
import { AxisPickers } from './axis-pickers.ts';
import type { View } from './axis-pickers.ts';
import { Overlay } from './overlay.ts';
import { PlotInput } from './plot-input.ts';
import type { PlotRequests } from './plot-input.ts';
import { PlotScene } from './plot-scene.ts';
import { firstView } from './first-view.ts';
import { principalComponents } from './principal.ts';
import { axesProjection } from './projection.ts';
import type { Projection } from './projection.ts';
import { pngOf } from './save-picture.ts';
import { oncePerFrame } from '../shared/once-per-frame.ts';
import type { Scatter } from './scatter.ts';
import type { ViewStore } from './view-state.ts';
import './plot.css';

/** How the components are drawn, by the number of features; 3 stands for more as well. */
const MARKS_NOTE = [
  '',
  'Heights are random, as there is one feature; the curves are the weighted densities.',
  'Ellipses at 1σ (solid), 2σ (dashed) and 3σ (dotted).',
  'Ellipses at 1σ (solid), 2σ (dashed) and 3σ (dotted), projected to the plane shown.',
];

/** Of samples of which few are complete. */
const FILLED = 'A missing value stands at its column’s mean: few samples lack none.';

/** The samples and the components over them: what the view state says of the frame that is shown. */
export class Picture implements Partial<SessionView> {
  readonly #scatter: Scatter;
  readonly #view: ViewStore;
  readonly #requests: PlotRequests;
  readonly #plot = element('plot', HTMLElement);
  readonly #overlay = new Overlay(element('overlay', SVGSVGElement));
  readonly #axes = new AxisPickers((view) => this.#choose(view));
  readonly #resize = new ResizeObserver(() => this.#draw());
  readonly #scene: PlotScene;
  readonly #input: PlotInput;
  readonly #unsubscribe: () => void;
  readonly #drawOverlay = oncePerFrame<void>(() => this.#overlay.draw(this.#scene));
  #dataset: Dataset | undefined;
  #next: GaussianMixture | undefined;
  #work: Promise<void> | undefined;
  #choice = new AbortController();

  constructor(scatter: Scatter, view: ViewStore, requests: PlotRequests) {
    this.#scatter = scatter;
    this.#view = view;
    this.#requests = requests;
    this.#scene = new PlotScene(view, this.#plot, () => this.#drawOverlay());
    this.#input = new PlotInput(this.#scene, requests, () => this.#save());
    this.#resize.observe(this.#plot);
    this.#unsubscribe = view.subscribe((state, before) => {
      if (state.colouring !== before.colouring && this.#mixture) {
        this.#colour(this.#mixture).catch((error: unknown) => requests.onError(error));
      }
      this.#draw();
    });
  }

  /** Lets go of the page, where a new device takes over. */
  dispose(): void {
    this.#choice.abort();
    this.#unsubscribe();
    this.#resize.disconnect();
    this.#input.dispose();
    this.#axes.dispose();
    this.#scatter.dispose();
  }

  onData(dataset: Dataset, data: SourceData, again: boolean): void {
    this.#dataset = dataset;
    this.#scene.data = data;
    this.#forget();
    // components of other samples may have other features
    if (!again) this.#scene.showMixture(undefined);
    this.#scatter.setData(dataset, data);
    setText(element('marks-note', HTMLElement), MARKS_NOTE[Math.min(3, dataset.nFeatures)]);
    this.#axes.listFeatures(data.featureNames);
    if (again) {
      // another device took over: what is looked at stays
      this.#axes.showProjection(this.#view.value.projection);
      this.#sayDrawn();
      return this.#draw();
    }
    this.#view.set({ colouring: { by: 'component' }, highlighted: undefined, selected: undefined });
    this.#choose(this.#axes.view);
    // (until they are found there must be a plane of these features)
    const view = firstView(data);
    if (view.kind === 'pca') this.look(view);
  }

  /** Another plane, as if it had been chosen. */
  look(view: View): void {
    this.#axes.show(view);
    this.#choose(view);
  }

  onStart(): void {
    this.#forget();
  }

  onPhase(phase: Phase): void {
    if (phase === 'failed' && !this.#mixture && !this.#work) this.#scene.showMixture(undefined);
  }

  /** Settles when this frame, or a newer one, is drawn. */
  onFrame({ mixture }: Frame): Promise<void> {
    this.#input.onFrame();
    return this.#colour(mixture);
  }

  #forget(): void {
    this.#mixture = undefined;
    this.#next = undefined;
    this.#scene.endDraft();
  }
  #mixture: GaussianMixture | undefined;

  #choose(view: View): void {
    const { data } = this.#scene;
    if (!data) return;
    this.#choice.abort();
    this.#choice = new AbortController();
    if (view.kind === 'axes') return this.#show(axesProjection(data.featureNames, view.x, view.y));
    const { signal } = this.#choice;
    this.#plot.setAttribute('aria-busy', 'true');
    principalComponents(data, signal)
      .then(({ projection, nUsed }) => {
        this.#show(projection);
        if (nUsed === data.samples.nSamples) return;
        this.#requests.say(`Principal components of ${count(nUsed)} samples.`);
      })
      .catch((error: unknown) => {
        if (!signal.aborted) this.#requests.onError(error);
      })
      .finally(() => this.#plot.removeAttribute('aria-busy'));
  }

  #show(projection: Projection): void {
    this.#input.onProjection();
    this.#view.set({ projection, window: this.#scene.wholeOf(projection) });
    this.#sayDrawn();
  }

  /** How many of the samples are seen, of the plane that is shown. */
  #sayDrawn(): void {
    const { data, view } = this.#scene;
    if (!data) return;
    const { projection } = view.value;
    const lacking = data.nMissing > 0 ? nLacking(data, projection) : 0;
    const words = drawnInWords(this.#scatter.nDrawn, data.samples.nSamples, lacking);
    const isFilled = data.nMissing > 0 && projection.kind === 'pca' && !projection.leavesOut;
    setText(element('drawn', HTMLElement), isFilled ? `${words} ${FILLED}` : words);
  }

  /** Colours and draws by the newest mixture; those that came while another was drawn are left out. */
  #colour(mixture: GaussianMixture): Promise<void> {
    this.#next = mixture;
    this.#work ??= this.#colourAll();
    return this.#work;
  }

  async #colourAll(): Promise<void> {
    try {
      while (this.#next) {
        const mixture = this.#next;
        const dataset = this.#dataset;
        this.#next = undefined;
        await this.#scatter.colour(mixture, this.#view.value.colouring);
        // samples that were replaced meanwhile are coloured by nothing
        if (dataset !== this.#dataset) continue;
        this.#mixture = mixture;
        this.#scene.showMixture(mixture);
        this.#scatter.draw(this.#view.value);
      }
    } finally {
      // in the same moment as the last look: a mixture that comes later begins anew
      this.#work = undefined;
    }
  }

  #draw(): void {
    if (!this.#scene.data) return;
    this.#scatter.draw(this.#view.value);
    this.#drawOverlay();
  }

  /** What is seen, as a file. */
  async #save(): Promise<Blob> {
    this.#overlay.draw(this.#scene);
    // a WebGPU canvas has its pixels until this task ends: so they are read before the device has drawn them
    const drawn = this.#scatter.drawNow(this.#view.value);
    const headline = element('headline', HTMLElement).textContent;
    const samples = element('points', HTMLCanvasElement);
    const isByNumber = this.#view.value.colouring.by === 'component';
    const legend = isByNumber ? undefined : element('colour-legend', HTMLElement);
    const png = pngOf(this.#plot, samples, element('overlay', SVGSVGElement), headline, legend);
    await drawn;
    return png;
  }
}
