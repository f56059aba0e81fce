import { build } from '../shared/build.ts';
import { count } from '../shared/format.ts';
import type { Estimate, Progress } from './read-tables.ts';

/** How far the reading is, the button that ends it, and what it asks. */
export class ReadingStrip {
  readonly element = build('div', { class: 'wide reading', hidden: true });
  readonly #title = build('p', { class: 'reading-title' });
  readonly #bar = build('progress', { 'aria-labelledby': 'reading-text' });
  readonly #text = build('p', { class: 'note', id: 'reading-text' });
  readonly #cancel = build('button', { type: 'button', id: 'cancel-reading' }, 'Cancel');
  readonly #question = build('form', { class: 'question', id: 'estimate', hidden: true });

  /** Told what is being read, and when that has ended. */
  onReading: (title: string | undefined) => void = () => {};

  constructor(onCancel: () => void) {
    this.#cancel.addEventListener('click', onCancel);
    const line = build('div', { class: 'reading-line' }, this.#bar, this.#cancel);
    this.element.append(this.#title, line, this.#text, this.#question);
  }

  begin(title: string): void {
    this.#title.textContent = title;
    this.#text.textContent = 'Beginning';
    this.#bar.removeAttribute('value');
    this.#question.hidden = true;
    this.element.hidden = false;
    this.onReading(title);
  }

  show(progress: Progress): void {
    const { bytes, total } = progress;
    if (total !== undefined && total > 0) this.#bar.value = Math.min(1, bytes / total);
    this.#text.textContent = progressText(progress);
  }

  end(): void {
    this.element.hidden = true;
    this.onReading(undefined);
  }

  /** Asks how many rows to take. @returns one of how many */
  ask({ nRows, nColumns, bytes }: Estimate): Promise<number> {
    const suggested = Math.ceil((2 * bytes) / 1e9);
    const every = build('input', {
      type: 'number',
      min: '1',
      step: '1',
      required: true,
      value: String(suggested),
    });
    const size = (share: number) => gigabytes(bytes / share);
    const effect = build('span');
    const say = () => {
      const share = Math.max(1, every.valueAsNumber || 1);
      effect.textContent = `: ${count(nRows / share)} rows, ${size(share)}`;
    };
    every.addEventListener('input', say);
    say();
    this.#question.replaceChildren(
      build(
        'p',
        {},
        `About ${count(nRows)} rows of ${count(nColumns)} columns of numbers take ${size(1)} of memory, and as much again while they are fitted.`,
      ),
      build('label', {}, 'Take one of every ', every, ' rows', effect),
      build('button', { type: 'submit', class: 'primary' }, 'Go on'),
    );
    this.#question.hidden = false;
    every.focus();
    return new Promise((resolve) => {
      this.#question.onsubmit = (event) => {
        event.preventDefault();
        this.#question.hidden = true;
        resolve(every.valueAsNumber);
      };
    });
  }
}

/** "43 of 100 MB (43%), 871,000 rows, 62 MB/s" */
export function progressText({ bytes, total, nRows, milliseconds }: Progress): string {
  const read = megabytes(bytes);
  const size =
    total === undefined
      ? `${read} MB`
      : `${read} of ${megabytes(total)} MB (${Math.min(100, Math.floor((100 * bytes) / total))}%)`;
  const rate = milliseconds > 0 ? `, ${megabytes(bytes / (milliseconds / 1000))} MB/s` : '';
  return `${size}, ${count(nRows)} rows${rate}`;
}

function megabytes(bytes: number): string {
  const value = bytes / 1e6;
  return value >= 10 ? count(value) : value.toFixed(1);
}

function gigabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${megabytes(bytes)} MB`;
}
