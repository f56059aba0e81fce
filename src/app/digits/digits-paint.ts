import { touched } from './digits-mask.ts';
import type { Mask, Place } from './digits-mask.ts';
import { element, setText } from '../shared/elements.ts';

/** The picture that is painted on, by mouse, pen, finger or keyboard. */
export class Painter {
  readonly #canvas = element('paint', HTMLCanvasElement);
  readonly #outline = element('brush-outline', HTMLElement);
  readonly #size = element('brush-size', HTMLInputElement);
  readonly #live = element('brush-live', HTMLElement);
  readonly #onPaint: (mask: Mask) => void;
  #mask: Mask = new Uint8Array(0);
  #rows = 1;
  #columns = 1;
  #last: Place | undefined;
  /** Where the brush of the keyboard is. */
  #cursor: Place = { x: 0.5, y: 0.5 };

  /** @param onPaint called with a new mask after every move that changed it */
  constructor(onPaint: (mask: Mask) => void) {
    this.#onPaint = onPaint;
    const canvas = this.#canvas;
    canvas.addEventListener('pointerdown', (event) => this.#begin(event));
    canvas.addEventListener('pointermove', (event) => this.#move(event));
    canvas.addEventListener('pointerup', () => (this.#last = undefined));
    canvas.addEventListener('pointercancel', () => (this.#last = undefined));
    canvas.addEventListener('pointerleave', () => {
      if (!this.#keyboard) this.#outline.hidden = true;
    });
    canvas.addEventListener('keydown', (event) => this.#key(event));
    canvas.addEventListener('focus', () => {
      if (this.#keyboard) this.#showBrush(this.#cursor);
    });
    canvas.addEventListener('blur', () => (this.#outline.hidden = true));
  }

  show(mask: Mask, rows: number, columns: number): void {
    if (rows !== this.#rows || columns !== this.#columns) {
      this.#cursor = { x: Math.floor(columns / 2) + 0.5, y: Math.floor(rows / 2) + 0.5 };
    }
    this.#mask = mask;
    this.#rows = rows;
    this.#columns = columns;
  }

  get #keyboard(): boolean {
    return this.#canvas.matches(':focus-visible');
  }

  /** The brush takes away what is seen, or gives it back: as chosen, or with the eraser end of a pen. */
  #hides(event?: PointerEvent): boolean {
    if (event && (event.buttons & 32) !== 0) return false;
    return document.querySelector<HTMLInputElement>('[name="brush"]:checked')?.value !== 'show';
  }

  #begin(event: PointerEvent): void {
    if (event.button !== 0 && event.button !== 5) return;
    this.#canvas.setPointerCapture(event.pointerId);
    this.#last = this.#place(event);
    this.#stroke(this.#last, this.#hides(event));
  }

  #move(event: PointerEvent): void {
    this.#showBrush(this.#place(event));
    if (!this.#last) return;
    // a fast hand makes several moves a frame; the path goes through them all
    const moves = event.getCoalescedEvents();
    for (const move of moves.length > 0 ? moves : [event]) {
      this.#stroke(this.#place(move), this.#hides(event));
    }
  }

  #stroke(to: Place, hides: boolean): void {
    const value = hides ? 1 : 0;
    const diameter = this.#size.valueAsNumber;
    const pixels = touched(this.#last ?? to, to, diameter, this.#rows, this.#columns);
    if (this.#last) this.#last = to;
    const changed = [...pixels].filter((pixel) => this.#mask[pixel] !== value);
    if (changed.length === 0) return;
    const mask = this.#mask.slice();
    for (const pixel of changed) mask[pixel] = value;
    this.#mask = mask;
    this.#onPaint(mask);
  }

  #key(event: KeyboardEvent): void {
    const move = MOVES[event.key];
    if (move === undefined && event.key !== ' ' && event.key !== 'Enter') return;
    event.preventDefault();
    const { x, y } = this.#cursor;
    if (move) {
      this.#cursor = {
        x: Math.min(Math.max(x + move.x, 0.5), this.#columns - 0.5),
        y: Math.min(Math.max(y + move.y, 0.5), this.#rows - 0.5),
      };
    }
    if (!move || event.shiftKey) this.#stroke(this.#cursor, this.#hides());
    this.#showBrush(this.#cursor);
    this.#sayCursor();
  }

  #sayCursor(): void {
    const row = Math.floor(this.#cursor.y);
    const column = Math.floor(this.#cursor.x);
    const state = this.#mask[row * this.#columns + column] === 1 ? 'hidden' : 'seen';
    setText(this.#live, `Row ${row + 1}, column ${column + 1}: ${state}`);
  }

  #place(event: PointerEvent): Place {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    return {
      x: ((event.clientX - left) / width) * this.#columns,
      y: ((event.clientY - top) / height) * this.#rows,
    };
  }

  #showBrush({ x, y }: Place): void {
    const percent = (value: number, whole: number) => `${(100 * value) / whole}%`;
    const diameter = this.#size.valueAsNumber;
    const { style } = this.#outline;
    this.#outline.hidden = false;
    style.left = percent(x - diameter / 2, this.#columns);
    style.top = percent(y - diameter / 2, this.#rows);
    style.width = percent(diameter, this.#columns);
    style.height = percent(diameter, this.#rows);
  }
}

const MOVES: Readonly<Record<string, Place>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};
