import type { Dataset, GaussianMixture } from '../../index.ts';
import type { SourceData } from '../data/source-data.ts';
import type { Frame } from '../fit/frame.ts';
import type { Phase } from '../fit/phases.ts';
import type { SessionView } from '../fit/session-view.ts';
import type { ViewStore } from '../plot/view-state.ts';
import { setText } from '../shared/elements.ts';
import { count } from '../shared/format.ts';
import type { ProblemPanel } from '../shared/problem-panel.ts';
import type { SampleBody } from './sample-body.ts';
import './sample-inspector.css';

/** One sample under the mixture shown: its values, whose it is, and how well it fits. Chosen by a click in the plot or by its number. */
export class SampleInspector implements Partial<SessionView> {
  readonly #view: ViewStore;
  readonly #problems: ProblemPanel;
  readonly #number = document.createElement('input');
  readonly #close = document.createElement('button');
  readonly #hint = document.createElement('p');
  readonly #host = document.createElement('div');
  #body: SampleBody | undefined;
  #data: SourceData | undefined;
  #mixture: GaussianMixture | undefined;
  /** Whether a mixture is being asked, and whether there is a newer question. */
  #busy = false;
  #stale = false;
  /** Whether the mixture is of a fit before the present one, and whether that one ended without any. */
  #isFormer = false;
  #hasFailed = false;

  constructor(host: HTMLElement, view: ViewStore, problems: ProblemPanel) {
    this.#view = view;
    this.#problems = problems;
    this.#build(host);
    view.subscribe((state, was) => {
      if (state.selected !== was.selected) this.#choose(state.selected);
      if (state.highlighted !== was.highlighted) this.#body?.mark(state.highlighted);
      if (state.dark !== was.dark || state.palette !== was.palette) this.#ask();
    });
  }

  onData(_dataset: Dataset, data: SourceData): void {
    this.#data = data;
    this.#mixture = undefined;
    this.#isFormer = true;
    const last = data.samples.nSamples - 1;
    this.#number.max = String(last);
    setText(this.#hint, `0 to ${count(last)}, or click a sample in the plot.`);
    this.#choose(this.#view.value.selected);
  }

  onStart(): void {
    this.#isFormer = true;
  }

  onPhase(phase: Phase): void {
    this.#hasFailed = phase === 'failed' && this.#isFormer;
    if (!this.#hasFailed) return;
    this.#mixture = undefined;
    this.#ask();
  }

  onFrame({ mixture }: Frame): void {
    this.#isFormer = false;
    this.#hasFailed = false;
    this.#mixture = mixture;
    this.#ask();
  }

  #build(host: HTMLElement): void {
    const form = document.createElement('form');
    form.className = 'sample-choice';
    const label = document.createElement('label');
    Object.assign(this.#number, { type: 'number', id: 'sample-number', min: '0', step: '1' });
    this.#number.placeholder = '–';
    label.append('Sample number ', this.#number);
    Object.assign(this.#close, { type: 'button', id: 'sample-close', textContent: 'Clear' });
    this.#close.className = 'quiet';
    this.#hint.className = 'note';
    this.#hint.id = 'sample-hint';
    this.#number.setAttribute('aria-describedby', 'sample-hint');
    form.append(label, this.#close, this.#hint);
    form.addEventListener('submit', (event) => event.preventDefault());
    this.#number.addEventListener('change', () => this.#readNumber());
    this.#close.addEventListener('click', () => {
      this.#view.set({ selected: undefined });
      this.#number.focus();
    });
    this.#host.className = 'sample-body';
    host.append(form, this.#host);
    this.#choose(undefined);
  }

  #readNumber(): void {
    if (this.#number.value === '') return this.#view.set({ selected: undefined });
    if (this.#number.reportValidity()) this.#view.set({ selected: this.#number.valueAsNumber });
  }

  #choose(selected: number | undefined): void {
    this.#close.hidden = selected === undefined;
    this.#host.hidden = selected === undefined;
    const text = selected === undefined ? '' : String(selected);
    if (this.#number.value !== text) this.#number.value = text;
    if (selected !== undefined) this.#ask();
  }

  /** Asks the newest mixture, one question at a time. */
  #ask(): void {
    this.#stale = true;
    if (this.#busy) return;
    this.#busy = true;
    this.#answer()
      .catch((error: unknown) => this.#problems.show('The sample could not be looked at', error))
      .finally(() => (this.#busy = false));
  }

  async #answer(): Promise<void> {
    while (this.#stale) {
      this.#stale = false;
      const { selected } = this.#view.value;
      if (selected === undefined || !this.#data) continue;
      this.#body ??= await this.#load();
      const [mixture, data, { dark, highlighted }] = [this.#mixture, this.#data, this.#view.value];
      // (others may have come meanwhile)
      if (selected >= data.samples.nSamples) continue;
      this.#body.showValues(data, selected);
      if (mixture?.nFeatures !== data.samples.nFeatures) {
        // (of a fit that is about to begin there soon will be)
        if (this.#hasFailed) this.#body.showNoFit();
        continue;
      }
      await this.#body.showFit(mixture, data, selected, dark);
      this.#body.mark(highlighted);
    }
  }

  async #load(): Promise<SampleBody> {
    const view = this.#view;
    const { SampleBody } = await import('./sample-body.ts');
    let before: number | undefined;
    let isLooking = false;
    return new SampleBody(this.#host, (component) => {
      // what was highlighted before comes back
      if (component !== undefined && !isLooking) before = view.value.highlighted;
      isLooking = component !== undefined;
      view.set({ highlighted: component ?? before });
    });
  }
}
