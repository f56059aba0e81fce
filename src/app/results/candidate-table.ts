import { CRITERIA, criterionText } from './comparison.ts';
import type { FittedTrial, Trial } from './comparison.ts';
import { count } from '../shared/format.ts';

const HEADINGS = ['Components', 'Parameters', ...CRITERIA.map((name) => name.toUpperCase())];

/** The compared mixtures as a table, the curve's numbers; each row's radio button picks its mixture. */
export class CandidateTable {
  readonly #table: HTMLTableElement;
  readonly #onPick: (trial: FittedTrial) => void;
  readonly #inWords: (error: Error) => string;
  readonly #rows = new Map<Trial, HTMLTableRowElement>();

  constructor(
    table: HTMLTableElement,
    onPick: (trial: FittedTrial) => void,
    inWords: (error: Error) => string,
  ) {
    this.#table = table;
    this.#onPick = onPick;
    this.#inWords = inWords;
  }

  clear(): void {
    this.#rows.clear();
    const head = document.createElement('thead');
    head.insertRow().append(
      ...[...HEADINGS, 'Iterations'].map((name) => {
        const cell = document.createElement('th');
        cell.scope = 'col';
        cell.textContent = name;
        return cell;
      }),
    );
    this.#table.replaceChildren(head, document.createElement('tbody'));
  }

  add(trial: Trial): void {
    const row = this.#table.tBodies[0].insertRow();
    this.#rows.set(trial, row);
    const name = document.createElement('th');
    name.scope = 'row';
    row.append(name);
    if (trial.error) {
      name.textContent = String(trial.nComponents);
      const cell = row.insertCell();
      cell.colSpan = HEADINGS.length;
      cell.className = 'failure';
      cell.textContent = this.#inWords(trial.error);
      return;
    }
    name.append(this.#radio(trial));
    row.insertCell().textContent = count(trial.nParameters);
    for (const criterion of CRITERIA) {
      row.insertCell().textContent = criterionText(trial[criterion]);
    }
    row.insertCell().textContent = `${count(trial.nIter)}${trial.converged ? '' : ', not converged'}`;
  }

  /** @param best the one with the lowest criterion @param picked the one that the picture shows */
  mark(best: Trial | undefined, picked: Trial | undefined): void {
    for (const [trial, row] of this.#rows) {
      row.classList.toggle('best', trial === best);
      const badge = row.querySelector('.best-badge');
      if (badge) badge.textContent = trial === best ? 'best' : '';
      const radio = row.querySelector('input');
      if (radio) radio.checked = trial === picked;
    }
  }

  #radio(trial: FittedTrial): HTMLLabelElement {
    const label = document.createElement('label');
    const radio = document.createElement('input');
    radio.type = 'radio';
    radio.name = 'candidate';
    radio.addEventListener('change', () => this.#onPick(trial));
    const badge = document.createElement('span');
    badge.className = 'best-badge';
    label.append(radio, String(trial.nComponents), badge);
    return label;
  }
}
