import { element } from '../shared/elements.ts';
import { axesProjection } from './projection.ts';
import type { Projection } from './projection.ts';

/** Chooses what the plane shows. */
export class AxisPickers {
  readonly #host = element('axes', HTMLElement);
  readonly #x = element('axis-x', HTMLSelectElement);
  readonly #y = element('axis-y', HTMLSelectElement);
  #names: readonly string[] = [];

  constructor(onProjection: (projection: Projection) => void) {
    for (const [changed, other] of [
      [this.#x, this.#y],
      [this.#y, this.#x],
    ]) {
      changed.addEventListener('change', () => {
        keepApart(changed, other);
        onProjection(this.projection);
      });
    }
  }

  get projection(): Projection {
    const y = this.#y.value;
    return axesProjection(this.#names, Number(this.#x.value), y === '' ? undefined : Number(y));
  }

  /** Offers the features as axes, where there are more than two to choose from. */
  listFeatures(names: readonly string[]): void {
    this.#names = names;
    const options = () => names.map((name, feature) => new Option(name, String(feature)));
    this.#x.replaceChildren(...options());
    this.#y.replaceChildren(...options());
    this.#x.value = '0';
    // no option has this value where there is one feature: then `value` reads as ''
    this.#y.value = names.length > 1 ? '1' : '';
    this.#host.hidden = names.length <= 2;
  }
}

/** Two axes never show the same feature: the other one gives way. */
function keepApart(changed: HTMLSelectElement, other: HTMLSelectElement): void {
  if (changed.value !== other.value) return;
  const free = [...other.options].find((option) => option.value !== changed.value);
  if (free) other.value = free.value;
}
