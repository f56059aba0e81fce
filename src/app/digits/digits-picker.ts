import type { DigitSet } from './digits-data.ts';
import { element } from '../shared/elements.ts';

/** Chooses the digit to complete: one by one, at random, of any kind or of one. */
export class DigitPicker {
  readonly #class = element('digit-class', HTMLSelectElement);
  readonly #onPick: (index: number) => void;
  /** The numbers of the digits of the chosen kind, in their order. */
  #pool: number[] = [];
  #set: DigitSet | undefined;
  #picked = 0;

  constructor(onPick: (index: number) => void) {
    this.#onPick = onPick;
    const button = (id: string, next: () => number) => {
      element(id, HTMLButtonElement).addEventListener('click', () => this.#pick(next()));
    };
    button('digit-next', () => this.#neighbour(1));
    button('digit-previous', () => this.#neighbour(-1));
    button('digit-random', () => this.#random());
    this.#class.addEventListener('change', () => {
      this.#fillPool();
      if (!this.#pool.includes(this.#picked)) this.#pick(this.#pool[0]);
    });
  }

  /** Takes other digits; the first of them is picked, without a call of `onPick`. */
  show(set: DigitSet): void {
    this.#set = set;
    this.#picked = 0;
    const labels = [...new Set(set.labels)].sort((a, b) => a - b);
    this.#class.replaceChildren(
      new Option('any', ''),
      ...labels.map((label) => new Option(String(label), String(label))),
    );
    this.#fillPool();
  }

  #fillPool(): void {
    const wanted = this.#class.value;
    const { labels, nSamples } = this.#set ?? { labels: undefined, nSamples: 0 };
    this.#pool = Array.from({ length: nSamples }, (_, index) => index).filter(
      (index) => wanted === '' || labels?.[index] === Number(wanted),
    );
  }

  #pick(index: number | undefined): void {
    if (index === undefined) return;
    this.#picked = index;
    this.#onPick(index);
  }

  #neighbour(step: 1 | -1): number {
    const place = this.#pool.indexOf(this.#picked);
    return this.#pool[(place + step + this.#pool.length) % this.#pool.length];
  }

  /** Another one than that picked, where there is another. */
  #random(): number {
    const others = this.#pool.filter((index) => index !== this.#picked);
    return others[Math.floor(Math.random() * others.length)] ?? this.#picked;
  }
}
