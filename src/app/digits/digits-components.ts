import type { BernoulliMixture } from '../../index.ts';
import { drawPixels, ramp } from './digits-ink.ts';
import type { Inks } from './digits-ink.ts';
import { element, setText } from '../shared/elements.ts';
import { percent } from '../shared/format.ts';

interface Tile {
  item: HTMLLIElement;
  canvas: HTMLCanvasElement;
  weight: HTMLElement;
}

/** From this responsibility on a component is framed. */
const LIT = 0.02;

/** The grid of component images with their weights. */
export class ComponentGrid {
  readonly #list = element('component-grid', HTMLUListElement);
  #tiles: Tile[] = [];

  show(
    mixture: BernoulliMixture | undefined,
    rows: number,
    columns: number,
    { paper, ink }: Inks,
  ): void {
    this.#resize(mixture?.nComponents ?? 0);
    if (!mixture) return;
    const { probabilities, weights, nFeatures } = mixture;
    const shade = ramp(paper, ink);
    this.#tiles.forEach(({ canvas, weight }, k) => {
      drawPixels(canvas, rows, columns, (d) => shade(probabilities[k * nFeatures + d]));
      setText(weight, percent(weights[k]));
    });
  }

  /** Frames the components that explain the digit under completion. */
  light(responsibilities: ArrayLike<number>): void {
    this.#tiles.forEach(({ item }, k) => item.classList.toggle('lit', responsibilities[k] >= LIT));
  }

  #resize(nComponents: number): void {
    if (this.#tiles.length === nComponents) return;
    this.#tiles = Array.from({ length: nComponents }, (_, k) => makeTile(k));
    this.#list.replaceChildren(...this.#tiles.map(({ item }) => item));
  }
}

function makeTile(component: number): Tile {
  const item = document.createElement('li');
  const canvas = document.createElement('canvas');
  // the weight beside it says what can be said of the picture in words
  canvas.setAttribute('aria-hidden', 'true');
  const name = document.createElement('span');
  name.className = 'visually-hidden';
  name.textContent = `Component ${component}: `;
  const weight = document.createElement('span');
  item.append(canvas, name, weight);
  return { item, canvas, weight };
}
