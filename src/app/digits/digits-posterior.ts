import type { BernoulliMixture } from '../../index.ts';
import { drawPixels, ramp } from './digits-ink.ts';
import type { Inks } from './digits-ink.ts';
import { element } from '../shared/elements.ts';
import { percent, plural } from '../shared/format.ts';

/** Components with a bar of their own; all others share the last bar. */
const SHOWN = 5;

interface Row {
  item: HTMLLIElement;
  canvas: HTMLCanvasElement;
  /** The word before the number: left out on a phone, where there is no room for it. */
  word: HTMLElement;
  name: HTMLElement;
  bar: HTMLElement;
  share: HTMLElement;
}

/** The posterior over components as bars, the likeliest first. */
export class PosteriorBars {
  readonly #list = element('posterior', HTMLOListElement);
  readonly #rows: Row[] = Array.from({ length: SHOWN + 1 }, makeRow);

  constructor() {
    this.#list.replaceChildren(...this.#rows.map(({ item }) => item));
    this.clear();
  }

  clear(): void {
    for (const { item } of this.#rows) item.hidden = true;
  }

  show(
    { probabilities, nFeatures, nComponents }: BernoulliMixture,
    responsibilities: ArrayLike<number>,
    rows: number,
    columns: number,
    { paper, ink }: Inks,
  ): void {
    const order = ranked(responsibilities).slice(0, SHOWN);
    const shade = ramp(paper, ink);
    this.#rows.slice(0, SHOWN).forEach((row, rank) => {
      const k = order[rank];
      row.item.hidden = k === undefined;
      if (k === undefined) return;
      drawPixels(row.canvas, rows, columns, (d) => shade(probabilities[k * nFeatures + d]));
      fill(row, 'Component ', String(k), responsibilities[k]);
    });
    const others = this.#rows[SHOWN];
    others.item.hidden = nComponents <= SHOWN;
    others.item.className = 'others';
    const named = order.reduce((sum, k) => sum + responsibilities[k], 0);
    fill(
      others,
      '',
      plural(nComponents - order.length, 'other'),
      Math.max(0, total(responsibilities) - named),
    );
  }
}

/** Components from the likeliest to the least likely. */
export function ranked(responsibilities: ArrayLike<number>): number[] {
  return Array.from({ length: responsibilities.length }, (_, k) => k).sort(
    (a, b) => responsibilities[b] - responsibilities[a],
  );
}

function total(responsibilities: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < responsibilities.length; k++) sum += responsibilities[k];
  return sum;
}

function fill(
  { item, word, name, bar, share }: Row,
  before: string,
  text: string,
  probability: number,
): void {
  item.dataset['probability'] = String(probability);
  word.textContent = before;
  name.textContent = text;
  share.textContent = percent(probability);
  bar.style.width = `${100 * probability}%`;
}

function makeRow(): Row {
  const item = document.createElement('li');
  const canvas = document.createElement('canvas');
  canvas.setAttribute('aria-hidden', 'true');
  const [label, word, name, share, track, bar] = ['label', 'word', '', 'share', 'track', 'bar'].map(
    (className) => {
      const made = document.createElement('span');
      made.className = className;
      return made;
    },
  );
  label.append(word, name);
  track.append(bar);
  item.append(canvas, label, share, track);
  return { item, canvas, word, name, bar, share };
}
