import type { GaussianMixture } from '../../index.ts';
import { setText } from '../shared/elements.ts';
import { css, textColourOn } from '../shared/palette.ts';
import { correlationColour } from './correlation-colour.ts';
import { canBeMapped, correlationsOf, correlationText } from './correlations.ts';
import './result-dialog.css';
import './correlation-dialog.css';

/** What is shown of a component. */
interface Shown {
  readonly mixture: GaussianMixture;
  readonly featureNames: readonly string[];
  readonly dark: boolean;
}

/** A component's correlations as a table of numbers, coloured in addition; it follows the fit while it is open. */
export class CorrelationDialog {
  readonly #dialog = document.createElement('dialog');
  readonly #choice = document.createElement('select');
  readonly #note = document.createElement('p');
  readonly #table = document.createElement('table');
  #cells: HTMLTableCellElement[] = [];
  #names = '';
  #shown: Shown | undefined;

  constructor() {
    this.#dialog.className = 'result-dialog correlation-dialog';
    this.#dialog.setAttribute('aria-labelledby', 'correlation-title');
    const title = document.createElement('h2');
    title.id = 'correlation-title';
    title.textContent = 'Correlations';
    const label = document.createElement('label');
    this.#choice.id = 'correlation-component';
    label.append('of component ', this.#choice);
    const close = document.createElement('button');
    Object.assign(close, { type: 'button', textContent: 'Close', className: 'quiet' });
    close.addEventListener('click', () => this.#dialog.close());
    this.#choice.addEventListener('change', () => this.#fill());
    const head = document.createElement('div');
    head.className = 'correlation-head';
    head.append(title, label, close);
    this.#note.className = 'note';
    const region = document.createElement('div');
    region.className = 'correlation-scroll';
    region.tabIndex = 0;
    region.setAttribute('role', 'region');
    region.setAttribute('aria-label', 'Table of correlations');
    region.append(this.#table);
    this.#dialog.append(head, this.#note, region);
    document.body.append(this.#dialog);
  }

  open(component: number, shown: Shown): void {
    this.#choice.replaceChildren();
    this.update(shown);
    this.#choice.value = String(component);
    this.#fill();
    this.#dialog.showModal();
    this.#choice.focus();
  }

  /** The next iteration, or another theme. Closes where there is nothing of the kind to show. */
  update(shown: Shown): void {
    this.#shown = shown;
    const { mixture } = shown;
    if (!canBeMapped(mixture)) return this.#dialog.close();
    const { options } = this.#choice;
    while (options.length > mixture.nComponents) options.remove(options.length - 1);
    while (options.length < mixture.nComponents) options.add(new Option(String(options.length)));
    if (this.#choice.value === '') this.#choice.value = '0';
    if (this.#dialog.open) this.#fill();
  }

  #fill(): void {
    if (!this.#shown) return;
    const { mixture, featureNames, dark } = this.#shown;
    this.#build(featureNames.slice(0, mixture.nFeatures));
    const isCommon = mixture.covarianceType !== 'full';
    setText(
      this.#note,
      `From −1 (orange) over 0 to 1 (blue): how two features go together within the component.${isCommon ? ' All components have the same covariance.' : ''}`,
    );
    correlationsOf(mixture, Number(this.#choice.value)).forEach((value, i) => {
      const colour = correlationColour(value, dark);
      setText(this.#cells[i], correlationText(value));
      this.#cells[i].style.background = css(colour);
      this.#cells[i].style.color = textColourOn(colour);
    });
  }

  #build(names: readonly string[]): void {
    const key = JSON.stringify(names);
    if (key === this.#names) return;
    this.#names = key;
    const head = document.createElement('thead');
    head
      .insertRow()
      .append(document.createElement('td'), ...names.map((name) => heading(name, 'col')));
    const body = document.createElement('tbody');
    this.#cells = names.flatMap((name) => {
      const row = body.insertRow();
      row.append(heading(name, 'row'));
      return names.map(() => row.insertCell());
    });
    this.#table.replaceChildren(head, body);
  }
}

function heading(name: string, scope: 'row' | 'col'): HTMLElement {
  const cell = document.createElement('th');
  const text = document.createElement('span');
  text.textContent = name;
  Object.assign(cell, { scope, title: name });
  cell.append(text);
  return cell;
}
