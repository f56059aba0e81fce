import type { GaussianMixture } from '../../index.ts';
import { correlationColour } from './correlation-colour.ts';
import { correlationsOf } from './correlations.ts';

/** A component's correlations as a picture, a pixel each, on the button that shows them as numbers. */
export class CorrelationGlyph {
  readonly root = document.createElement('button');
  readonly #canvas = document.createElement('canvas');
  readonly #context = this.#canvas.getContext('2d');
  #shown: { readonly mixture: GaussianMixture; readonly dark: boolean } | undefined;

  constructor(component: number, onClick: () => void) {
    Object.assign(this.root, { type: 'button', className: 'card-correlations' });
    this.root.setAttribute('aria-label', `Correlations of component ${component}`);
    this.#canvas.setAttribute('aria-hidden', 'true');
    this.root.append(this.#canvas, 'Correlations');
    this.root.addEventListener('click', onClick);
  }

  show(mixture: GaussianMixture, component: number, dark: boolean): void {
    if (this.#shown?.mixture === mixture && this.#shown.dark === dark) return;
    this.#shown = { mixture, dark };
    const { nFeatures } = mixture;
    if (this.#canvas.width !== nFeatures) {
      Object.assign(this.#canvas, { width: nFeatures, height: nFeatures });
    }
    const image = new ImageData(nFeatures, nFeatures);
    correlationsOf(mixture, component).forEach((value, i) => {
      image.data.set([...correlationColour(value, dark).map((part) => 255 * part), 255], 4 * i);
    });
    this.#context?.putImageData(image, 0, 0);
  }
}
