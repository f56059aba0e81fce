import type { Dataset, GaussianMixture } from '../../index.ts';
import type { SourceData } from '../data/source-data.ts';
import type { Frame } from '../fit/frame.ts';
import type { SessionView } from '../fit/session-view.ts';
import type { ViewStore } from '../plot/view-state.ts';
import { setText } from '../shared/elements.ts';
import { count, quantity } from '../shared/format.ts';
import type { ProblemPanel } from '../shared/problem-panel.ts';
import { ResponsibilityBars } from './responsibility-bars.ts';
import { factsOf, rowOf } from './sample-values.ts';
import './sample-inspector.css';

/** Values of a card; a picture's pixels are not read one by one. */
const MOST_VALUES = 12;

/** One sample under the mixture shown: its values, whose it is, and how well it fits. Chosen by a click in the plot or by its number. */
export class SampleInspector implements Partial<SessionView> {
  readonly #view: ViewStore;
  readonly #problems: ProblemPanel;
  readonly #number = document.createElement('input');
  readonly #close = document.createElement('button');
  readonly #hint = document.createElement('p');
  readonly #body = document.createElement('div');
  readonly #values = document.createElement('dl');
  readonly #fit = document.createElement('p');
  readonly #bars: ResponsibilityBars;
  #data: SourceData | undefined;
  #mixture: GaussianMixture | undefined;
  /** Whether a mixture is being asked, and whether there is a newer question. */
  #busy = false;
  #stale = false;

  constructor(host: HTMLElement, view: ViewStore, problems: ProblemPanel) {
    this.#view = view;
    this.#problems = problems;
    let before: number | undefined;
    this.#bars = new ResponsibilityBars((component) => {
      // what was kept highlighted before comes back
      if (component !== undefined && before === undefined) before = view.value.highlighted;
      view.set({ highlighted: component ?? before });
      if (component === undefined) before = undefined;
    });
    this.#build(host);
    view.subscribe((state, was) => {
      if (state.selected !== was.selected) this.#choose(state.selected);
      if (state.highlighted !== was.highlighted) this.#bars.mark(state.highlighted);
      if (state.dark !== was.dark || state.palette !== was.palette) this.#ask();
    });
  }

  onData(_dataset: Dataset, data: SourceData): void {
    this.#data = data;
    this.#mixture = undefined;
    const last = data.samples.nSamples - 1;
    this.#number.max = String(last);
    setText(this.#hint, `0 to ${count(last)}, or click a sample in the plot.`);
    this.#choose(this.#view.value.selected);
  }

  onFrame({ mixture }: Frame): void {
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
    this.#body.className = 'sample-body';
    this.#values.className = 'sample-values';
    this.#fit.className = 'sample-fit';
    const right = document.createElement('div');
    right.append(this.#bars.root, this.#fit);
    this.#body.append(this.#values, right);
    host.append(form, this.#body);
    this.#choose(undefined);
  }

  #readNumber(): void {
    if (this.#number.value === '') return this.#view.set({ selected: undefined });
    if (this.#number.reportValidity()) this.#view.set({ selected: this.#number.valueAsNumber });
  }

  #choose(selected: number | undefined): void {
    this.#close.hidden = selected === undefined;
    this.#body.hidden = selected === undefined;
    const text = selected === undefined ? '' : String(selected);
    if (this.#number.value !== text) this.#number.value = text;
    if (selected === undefined || !this.#data) return;
    this.#values.replaceChildren(...valueRows(this.#data, selected));
    this.#ask();
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
      const [mixture, data, { selected, dark }] = [this.#mixture, this.#data, this.#view.value];
      const isKnown = mixture && data && mixture.nFeatures === data.samples.nFeatures;
      if (!isKnown || selected === undefined) continue;
      const { responsibilities, logDensity, uncertainty } = await factsOf(
        mixture,
        rowOf(data, selected),
      );
      this.#bars.show(responsibilities, dark);
      this.#bars.mark(this.#view.value.highlighted);
      setText(
        this.#fit,
        `Log density ${quantity(logDensity)}. Uncertainty ${uncertainty.toFixed(3)}: 0 is certain, 1 as likely of any component.`,
      );
    }
  }
}

/** In the source's units; a missing value says so. */
function valueRows(
  { samples, featureNames, standardised }: SourceData,
  sample: number,
): HTMLElement[] {
  const { nFeatures } = samples;
  const row = rowOf({ samples }, sample);
  const shown = Math.min(nFeatures, MOST_VALUES);
  const rows = Array.from({ length: shown }, (_, d) => {
    const value = standardised ? row[d] * standardised.scales[d] + standardised.means[d] : row[d];
    const standard = standardised && !Number.isNaN(value) ? ` (z ${quantity(row[d])})` : '';
    return valueRow(featureNames[d], Number.isNaN(value) ? 'missing' : quantity(value) + standard);
  });
  if (shown < nFeatures) rows.push(valueRow(`and ${count(nFeatures - shown)} more`, ''));
  return rows;
}

function valueRow(term: string, value: string): HTMLElement {
  const row = document.createElement('div');
  const [dt, dd] = [document.createElement('dt'), document.createElement('dd')];
  dt.textContent = term;
  dd.textContent = value;
  row.append(dt, dd);
  return row;
}
