import type { GaussianMixture } from '../../index.ts';
import type { SourceData } from '../data/source-data.ts';
import { setText } from '../shared/elements.ts';
import { count, exact, quantity, resolved } from '../shared/format.ts';
import { ResponsibilityBars } from './responsibility-bars.ts';
import { factsOf, placeOf, rowOf } from './sample-values.ts';

/** Values of a card; a picture's pixels are not read one by one. */
const MOST_VALUES = 12;

/** What is known of one sample: its values, and what a mixture says of it. Loaded when a sample is looked at first. */
export class SampleBody {
  readonly #values = document.createElement('dl');
  readonly #fit = document.createElement('p');
  readonly #bars: ResponsibilityBars;

  constructor(host: HTMLElement, onLook: (component: number | undefined) => void) {
    this.#bars = new ResponsibilityBars(onLook);
    this.#values.className = 'sample-values';
    this.#fit.className = 'sample-fit';
    const right = document.createElement('div');
    right.append(this.#bars.root, this.#fit);
    host.append(this.#values, right);
  }

  showValues(data: SourceData, sample: number): void {
    this.#values.replaceChildren(...valueRows(data, sample));
  }

  /** Nothing is known of the sample but its values. */
  showNoFit(): void {
    this.#bars.root.hidden = true;
    setText(this.#fit, 'There is no mixture of these samples.');
  }

  async showFit(
    mixture: GaussianMixture,
    data: SourceData,
    sample: number,
    dark: boolean,
  ): Promise<void> {
    const facts = await factsOf(mixture, rowOf(data, sample));
    this.#bars.root.hidden = false;
    this.#bars.show(facts.responsibilities, dark);
    setText(
      this.#fit,
      `Log density ${quantity(facts.logDensity)}. Uncertainty ${facts.uncertainty.toFixed(3)}: 0 is certain, 1 as likely of any component.`,
    );
  }

  mark(highlighted: number | undefined): void {
    this.#bars.mark(highlighted);
  }
}

/** In the source's units; a missing value says so. */
function valueRows(data: SourceData, sample: number): HTMLElement[] {
  const { samples, featureNames, standardised } = data;
  const { nFeatures } = samples;
  const row = rowOf({ samples }, sample);
  const shown = Math.min(nFeatures, MOST_VALUES);
  const rows = Array.from({ length: shown }, (_, d) => {
    const value = standardised ? row[d] * standardised.scales[d] + standardised.means[d] : row[d];
    const standard = standardised && !Number.isNaN(value) ? ` (z ${quantity(row[d])})` : '';
    // (a z-score that is multiplied back has digits of its own making)
    const text = standardised
      ? resolved(value, standardised.scales[d])
      : exact(value, samples.data instanceof Float32Array);
    return valueRow(featureNames[d], Number.isNaN(value) ? 'missing' : text + standard);
  });
  if (shown < nFeatures) rows.push(valueRow(`and ${count(nFeatures - shown)} more`, ''));
  return [...placeOf(data, sample).map(([term, value]) => valueRow(term, value)), ...rows];
}

function valueRow(term: string, value: string): HTMLElement {
  const row = document.createElement('div');
  const [dt, dd] = [document.createElement('dt'), document.createElement('dd')];
  dt.textContent = term;
  dd.textContent = value;
  row.append(dt, dd);
  return row;
}
