import type { Diagnostics, GaussianMixture } from '../../index.ts';
import { percent, spread } from '../shared/format.ts';
import { covarianceEntry } from '../plot/marginal.ts';
import { css, pointColour } from '../shared/palette.ts';

const MOST_FEATURES = 16;

/**
 * The mixture as a table: weight, mean and standard deviation of every feature in the user's units, and once the fit has ended each
 * component's share of ambiguous samples, with what is to be said of the fit below it.
 */
export class ComponentTable {
  readonly #table: HTMLTableElement;
  readonly #note: HTMLElement;

  constructor(table: HTMLTableElement, note: HTMLElement) {
    this.#table = table;
    this.#note = note;
  }

  show(
    mixture: GaussianMixture | undefined,
    diagnostics: Diagnostics | undefined,
    featureNames: readonly string[],
    dark: boolean,
    remarks: readonly string[] = [],
  ): void {
    if (!mixture) {
      this.#table.replaceChildren();
      this.#note.textContent = 'No mixture yet.';
      return;
    }
    const shown = Math.min(mixture.nFeatures, MOST_FEATURES);
    const names = featureNames.slice(0, shown);
    this.#table.replaceChildren(
      heading([...names, ...(diagnostics ? ['Ambiguous'] : [])]),
      body(mixture, diagnostics, shown, dark),
    );
    const legend =
      shown < mixture.nFeatures
        ? `Mean ± standard deviation. The first ${shown} of ${mixture.nFeatures} features; the downloaded model has all.`
        : 'Mean ± standard deviation of each feature. Components are numbered from 0, as in the labels.';
    const found = diagnostics ? [findings(diagnostics), ...remarks] : [];
    this.#note.textContent = [legend, ...found].join(' ');
  }
}

/** In sentences. */
function findings({ ambiguousShare, ambiguousBelow, warnings }: Diagnostics): string {
  const ambiguous = `Ambiguous: ${percent(ambiguousShare)} of all samples have a largest responsibility below ${ambiguousBelow}.`;
  return [ambiguous, ...warnings.map(({ message }) => message)].join(' ');
}

function heading(names: readonly string[]): HTMLTableSectionElement {
  const head = document.createElement('thead');
  const row = head.insertRow();
  row.append(...['Component', 'Weight', ...names].map((name) => headerCell(name, 'col')));
  return head;
}

function body(
  mixture: GaussianMixture,
  diagnostics: Diagnostics | undefined,
  shown: number,
  dark: boolean,
): HTMLTableSectionElement {
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
    if (diagnostics) {
      row.insertCell().textContent = percent(diagnostics.components[k].ambiguousShare);
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
