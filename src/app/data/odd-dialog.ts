import { build } from '../shared/build.ts';
import { plural } from '../shared/format.ts';
import { oddSentence } from './odd-words.ts';
import type { TableColumn } from './table.ts';

/** What becomes of cells that hold no number: they are missing, their columns are not fitted, or nothing is changed. */
export type OddAnswer = 'missing' | 'without' | 'cancel';

/** Asks what cells without a number are. */
export class OddDialog {
  readonly answer: Promise<OddAnswer>;
  readonly #dialog = build('dialog', {
    id: 'odd-cells',
    class: 'sheet ask',
    'aria-labelledby': 'odd-title',
  });

  /** @param others how many columns could be fitted without these */
  constructor(name: string, columns: readonly TableColumn[], others: number) {
    const nOdd = columns.reduce((sum, column) => sum + column.nOdd, 0);
    const [first] = columns;
    const which = columns.length === 1 ? `"${first.name}"` : `these ${columns.length} columns`;
    let resolve: (answer: OddAnswer) => void = () => {};
    this.answer = new Promise((done) => (resolve = done));
    const button = (id: string, text: string, answer: OddAnswer, kind = '') => {
      const made = build('button', { type: 'button', id, class: kind }, text);
      made.addEventListener('click', () => {
        resolve(answer);
        this.close();
      });
      return made;
    };
    const missing = button(
      'odd-missing',
      nOdd === 1 ? 'Treat it as missing' : 'Treat them as missing',
      'missing',
      'primary',
    );
    this.#dialog.append(
      build(
        'form',
        { method: 'dialog' },
        build(
          'h2',
          { id: 'odd-title' },
          `${plural(nOdd, 'cell')} of ${name} hold${nOdd === 1 ? 's' : ''} no number`,
        ),
        build('ul', { class: 'odd-list' }, ...columns.map(item)),
        build(
          'p',
          { class: 'note' },
          'The file is not changed. A missing value is estimated by the fit from the rest of its row; under Columns such rows can be left out instead.',
        ),
        build(
          'div',
          { class: 'columns-actions' },
          button('odd-cancel', 'Cancel', 'cancel'),
          ...(others > 0 ? [button('odd-without', `Fit without ${which}`, 'without')] : []),
          missing,
        ),
      ),
    );
    this.#dialog.addEventListener('close', () => {
      resolve('cancel');
      this.#dialog.remove();
    });
    document.body.append(this.#dialog);
    this.#dialog.showModal();
    missing.focus();
  }

  close(): void {
    this.#dialog.close();
  }
}

const item = (column: TableColumn): HTMLLIElement =>
  build('li', {}, build('strong', {}, column.name), `: ${oddSentence(column)}`);
