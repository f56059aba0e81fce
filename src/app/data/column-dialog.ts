import { build } from '../shared/build.ts';
import { count, exact, plural, range } from '../shared/format.ts';
import { kindOf } from './assemble.ts';
import { incompleteRows, whyNot } from './choice.ts';
import type { Choice } from './choice.ts';
import type { Table, TableColumn } from './table.ts';

/** A table of a file's columns to choose from. */
export class ColumnDialog {
  readonly #dialog = build('dialog', {
    id: 'columns',
    class: 'sheet',
    'aria-labelledby': 'columns-title',
  });
  readonly #table: Table;
  readonly #boxes: readonly HTMLInputElement[];
  readonly #standardise: HTMLInputElement;
  readonly #missing = build('fieldset', { class: 'missing' });
  readonly #count = build('p', { class: 'note', id: 'columns-count', role: 'status' });
  readonly #apply = build('button', { type: 'submit', class: 'primary' }, 'Fit these columns');
  #choice: Choice;

  /** @param onChoose called once, where the choice is made and differs */
  constructor(name: string, table: Table, choice: Choice, onChoose: (choice: Choice) => void) {
    this.#table = table;
    this.#choice = choice;
    this.#boxes = table.columns.map((column, c) =>
      build('input', {
        type: 'checkbox',
        id: `column-${c}`,
        checked: choice.columns.includes(c),
        disabled: whyNot(column) !== undefined,
      }),
    );
    this.#standardise = build('input', { type: 'checkbox', checked: choice.standardise });
    const form = build(
      'form',
      { method: 'dialog' },
      build('h2', { id: 'columns-title' }, `Columns of ${name}`),
      build(
        'div',
        { class: 'columns-tools' },
        this.#button('All', () => this.#check((column) => whyNot(column) === undefined)),
        this.#button('None', () => this.#check(() => false)),
        this.#count,
      ),
      build(
        'div',
        { class: 'scroll columns-scroll', role: 'region', tabindex: '0', 'aria-label': 'Columns' },
        this.#columnTable(),
      ),
      build(
        'label',
        { class: 'line' },
        this.#standardise,
        'Standardise: z-scores, mean 0 and standard deviation 1 of each',
      ),
      this.#missing,
      build(
        'div',
        { class: 'columns-actions' },
        this.#button('Cancel', () => this.close()),
        this.#apply,
      ),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.close();
      const chosen = this.#chosen();
      if (JSON.stringify(chosen) !== JSON.stringify(choice)) onChoose(chosen);
    });
    form.addEventListener('change', () => this.#update());
    this.#dialog.append(form);
    this.#dialog.addEventListener('close', () => this.#dialog.remove());
    document.body.append(this.#dialog);
    this.#update();
    this.#dialog.showModal();
  }

  close(): void {
    this.#dialog.close();
  }

  #columnTable(): HTMLTableElement {
    const head = ['Fit', 'Type', 'Missing', 'Range'].map((text) =>
      build('th', { scope: 'col', class: text.toLowerCase() }, text),
    );
    const rows = this.#table.columns.map((column, c) => {
      // (on a phone the type stands below the name)
      const type = build('small', {}, kindOf(column));
      const name = build('span', {}, column.name, type);
      const label = build('label', { for: `column-${c}` }, this.#boxes[c], name);
      return build(
        'tr',
        {},
        build('th', { scope: 'row' }, label),
        build('td', { class: 'type' }, kindOf(column)),
        build('td', {}, count(column.nMissing)),
        build('td', { class: 'range' }, rangeOf(column)),
      );
    });
    const body = build('tbody', {}, ...rows);
    return build('table', {}, build('thead', {}, build('tr', {}, ...head)), body);
  }

  #button(text: string, onClick: () => void): HTMLButtonElement {
    const button = build('button', { type: 'button' }, text);
    button.addEventListener('click', onClick);
    return button;
  }

  #check(isWanted: (column: TableColumn) => boolean): void {
    this.#table.columns.forEach((column, c) => (this.#boxes[c].checked = isWanted(column)));
    this.#update();
  }

  #chosen(): Choice {
    const leaveOut = this.#missing.querySelector<HTMLInputElement>('#leave-out');
    return {
      columns: this.#boxes.flatMap((box, c) => (box.checked ? [c] : [])),
      standardise: this.#standardise.checked,
      missing: leaveOut?.checked ? 'leave out' : 'fit',
    };
  }

  #update(): void {
    const choice = this.#chosen();
    // (where nothing is missing the fieldset is empty, and what was chosen before stays)
    if (this.#missing.childElementCount > 0) this.#choice = choice;
    const { nIncomplete } = incompleteRows(this.#table, choice.columns);
    const { nRows } = this.#table;
    const chosen = `${count(choice.columns.length)} of ${plural(this.#boxes.length, 'column')}`;
    this.#count.textContent = `${chosen}, ${plural(nRows, 'row')}`;
    this.#apply.disabled = choice.columns.length === 0;
    this.#missing.hidden = nIncomplete === 0;
    if (nIncomplete === 0) return this.#missing.replaceChildren();
    const option = (id: string, checked: boolean, text: string) =>
      build(
        'label',
        { class: 'line' },
        build('input', { type: 'radio', name: 'missing', id, checked }),
        text,
      );
    const isOut = this.#choice.missing === 'leave out';
    this.#missing.replaceChildren(
      build('legend', {}, `${plural(nIncomplete, 'row')} of ${count(nRows)} with missing values`),
      option(
        'fit-too',
        !isOut,
        'Fit them too, as missing at random (full and tied covariances then compute on the CPU)',
      ),
      option('leave-out', isOut, `Leave out ${plural(nIncomplete, 'row')}`),
    );
  }
}

function rangeOf(column: TableColumn): string {
  const { type, min, max, categories, infiniteRow } = column;
  if (infiniteRow >= 0) return whyNot(column)!;
  if (type === 'constant') return categories ? categories[0] : exact(min);
  if (categories) return categories.slice(0, 3).join(', ') + (categories.length > 3 ? ', …' : '');
  return type === 'empty' ? '–' : range(min, max);
}
