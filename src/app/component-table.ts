import type { GaussianMixture } from '../index.ts';
import { spread } from './format.ts';
import { covarianceEntry } from './marginal.ts';
import { css, pointColour } from './palette.ts';

const MOST_FEATURES = 16;

/** The mixture as a table: weight, and mean and standard deviation of every feature, in the user's units. */
export class ComponentTable {
  readonly #table: HTMLTableElement;
  readonly #note: HTMLElement;

  constructor(table: HTMLTableElement, note: HTMLElement) {
    this.#table = table;
    this.#note = note;
  }

  show(mixture: GaussianMixture | undefined, featureNames: readonly string[], dark: boolean): void {
    if (!mixture) {
      this.#table.replaceChildren();
      this.#note.textContent = 'No mixture yet.';
      return;
    }
    const shown = Math.min(mixture.nFeatures, MOST_FEATURES);
    this.#table.replaceChildren(heading(featureNames.slice(0, shown)), body(mixture, shown, dark));
    this.#note.textContent =
      shown < mixture.nFeatures
        ? `Mean ± standard deviation. The first ${shown} of ${mixture.nFeatures} features; the downloaded model has all.`
        : 'Mean ± standard deviation of each feature. Components are numbered from 0, as in the labels.';
  }
}

function heading(names: readonly string[]): HTMLTableSectionElement {
  const head = document.createElement('thead');
  const row = head.insertRow();
  row.append(...['Component', 'Weight', ...names].map((name) => headerCell(name, 'col')));
  return head;
}

function body(mixture: GaussianMixture, shown: number, dark: boolean): HTMLTableSectionElement {
  const section = document.createElement('tbody');
  for (let k = 0; k < mixture.nComponents; k++) {
    const row = section.insertRow();
    const name = headerCell(String(k), 'row');
    const swatch = document.createElement('span');
    swatch.className = 'swatch';
    swatch.style.background = css(pointColour(k, dark));
    name.prepend(swatch);
    row.append(name);
    row.insertCell().textContent = mixture.weights[k].toFixed(4);
    for (let d = 0; d < shown; d++) {
      const mean = mixture.means[k * mixture.nFeatures + d];
      const deviation = Math.sqrt(covarianceEntry(mixture, k, d, d));
      row.insertCell().textContent = spread(mean, deviation);
    }
  }
  return section;
}

function headerCell(text: string, scope: 'col' | 'row'): HTMLTableCellElement {
  const cell = document.createElement('th');
  cell.scope = scope;
  cell.textContent = text;
  return cell;
}
