import { build } from '../shared/build.ts';
import { count, exact, plural, range } from '../shared/format.ts';
import { kindOf } from './assemble.ts';
import { incompleteRows, unclearColumns, whyNot } from './choice.ts';
import type { Choice } from './choice.ts';
import { oddSentence } from './odd-words.ts';
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
  readonly #odd = build('fieldset', { class: 'missing', id: 'columns-odd' });
  readonly #missing = build('fieldset', { class: 'missing' });
  readonly #count = build('p', { class: 'note', id: 'columns-count', role: 'status' });
  readonly #apply = build('button', { type: 'submit', class: 'primary' }, 'Fit these columns');
  #choice: Choice;
  #isOddMissing: boolean;
  /** Counts the counts, so that a late one is known. */
  #counting = 0;

  /** @param onChoose called once, where the choice is made and differs */
  constructor(name: string, table: Table, choice: Choice, onChoose: (choice: Choice) => void) {
    this.#table = table;
    this.#choice = choice;
    this.#isOddMissing = choice.odd === 'missing';
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
      this.#odd,
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
        build('td', {}, missingOf(column)),
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
    const asMissing = this.#odd.querySelector<HTMLInputElement>('#odd-as-missing');
    const leaveOut = this.#missing.querySelector<HTMLInputElement>('#leave-out');
    return {
      columns: this.#boxes.flatMap((box, c) => (box.checked ? [c] : [])),
      standardise: this.#standardise.checked,
      missing: leaveOut?.checked ? 'leave out' : 'fit',
      // (kept where the columns in question are not chosen just now)
      ...((asMissing ? asMissing.checked : this.#isOddMissing) && { odd: 'missing' }),
    };
  }

  /** Cells of the columns chosen that hold no number, to be called missing. */
  #updateOdd(choice: Choice): void {
    const odd = choice.columns.map((c) => this.#table.columns[c]).filter(({ nOdd }) => nOdd > 0);
    this.#odd.hidden = odd.length === 0;
    if (odd.length === 0) return this.#odd.replaceChildren();
    const nOdd = odd.reduce((sum, column) => sum + column.nOdd, 0);
    const box = build('input', {
      type: 'checkbox',
      id: 'odd-as-missing',
      checked: this.#isOddMissing,
    });
    const text = `Treat ${nOdd === 1 ? 'it' : 'them'} as missing`;
    const wasFocused = this.#odd.contains(document.activeElement);
    this.#odd.replaceChildren(
      build('legend', {}, `${plural(nOdd, 'cell')} without a number`),
      ...odd.map((column) =>
        build('p', { class: 'note' }, `${column.name}: ${oddSentence(column)}`),
      ),
      build('label', { class: 'line' }, box, text),
    );
    if (wasFocused) box.focus();
  }

  #update(): void {
    const choice = this.#chosen();
    // (where nothing is missing the fieldset is empty, and what was chosen before stays)
    if (this.#missing.childElementCount > 0) this.#choice = choice;
    const { nRows } = this.#table;
    const chosen = `${count(choice.columns.length)} of ${plural(this.#boxes.length, 'column')}`;
    this.#count.textContent = `${chosen}, ${plural(nRows, 'row')}`;
    this.#isOddMissing = choice.odd === 'missing';
    this.#updateOdd(choice);
    const isUnclear = unclearColumns(this.#table, choice).length > 0;
    this.#apply.disabled = choice.columns.length === 0 || isUnclear;
    void this.#updateMissing(choice.columns);
  }

  /** Counts the rows in question, and asks what becomes of them. */
  async #updateMissing(columns: readonly number[]): Promise<void> {
    const counting = ++this.#counting;
    const { nIncomplete } = await incompleteRows(this.#table, columns);
    if (counting !== this.#counting) return;
    const { nRows } = this.#table;
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

/** "2", and of a column with cells that hold no number "2, and 3 not numbers". */
function missingOf({ nMissing, nOdd }: TableColumn): string {
  return nOdd === 0
    ? count(nMissing)
    : `${count(nMissing)}, and ${count(nOdd)} not ${nOdd === 1 ? 'a number' : 'numbers'}`;
}

function rangeOf(column: TableColumn): string {
  const { type, min, max, categories, nNumbers, values, nMissing } = column;
  if (type === 'constant') return categories ? categories[0] : exact(min);
  if (categories) {
    const some = categories.slice(0, 3).join(', ') + (categories.length > 3 ? ', …' : '');
    const nCells = values.length - nMissing;
    return nNumbers > 0
      ? `${some} (${count(nCells - nNumbers)} of ${count(nCells)} not numbers)`
      : some;
  }
  return type === 'empty' ? '–' : range(min, max);
}
