import { svg } from '../shared/svg.ts';
import type { Projection } from './projection.ts';
import { element } from '../shared/elements.ts';

/** What the plane shows: two features, or the principal components. */
export type View =
  | { readonly kind: 'axes'; readonly x: number; readonly y: number | undefined }
  | { readonly kind: 'pca' };

const PCA = 'pca';

/** Chooses what the plane shows, where there are more than two features. */
export class AxisPickers {
  readonly #host = element('axes', HTMLElement);
  readonly #x = element('axis-x', HTMLSelectElement);
  readonly #y = element('axis-y', HTMLSelectElement);
  readonly #onView: (view: View) => void;
  readonly #listening = new AbortController();
  readonly #steps: HTMLElement;
  #nFeatures = 0;
  /** The features before principal components were chosen. */
  #before = { x: '0', y: '1' };

  constructor(onView: (view: View) => void) {
    this.#onView = onView;
    for (const [changed, other] of [
      [this.#x, this.#y],
      [this.#y, this.#x],
    ]) {
      const choose = () => {
        if (changed.value === PCA) other.value = PCA;
        else if (other.value === PCA)
          other.value = other === this.#x ? this.#before.x : this.#before.y;
        keepApart(changed, other);
        this.#tell();
      };
      changed.addEventListener('change', choose, { signal: this.#listening.signal });
    }
    const steps = document.createElement('div');
    steps.className = 'button-group';
    steps.setAttribute('role', 'group');
    steps.setAttribute('aria-label', 'Pairs of features');
    steps.append(
      stepButton('previous-pair', 'Previous pair of features', 'M11 4L6 9l5 5', () =>
        this.#step(-1),
      ),
      stepButton('next-pair', 'Next pair of features', 'M7 4l5 5-5 5', () => this.#step(1)),
    );
    this.#steps = steps;
    this.#host.append(steps);
  }

  dispose(): void {
    this.#listening.abort();
    this.#steps.remove();
  }

  get view(): View {
    if (this.#x.value === PCA) return { kind: 'pca' };
    const y = this.#y.value;
    return { kind: 'axes', x: Number(this.#x.value), y: y === '' ? undefined : Number(y) };
  }

  /** Offers the features as axes, where there are more than two to choose from. */
  listFeatures(names: readonly string[]): void {
    this.#nFeatures = names.length;
    for (const select of [this.#x, this.#y]) {
      const options = names.map((name, feature) => new Option(name, String(feature)));
      const more = names.length > 2 ? [new Option('Principal components', PCA)] : [];
      select.replaceChildren(...options, ...more);
    }
    // no option has the second value where there is one feature: then `value` reads as ''
    this.show({ kind: 'axes', x: 0, y: names.length > 1 ? 1 : undefined });
    this.#host.hidden = names.length <= 2;
  }

  /** Shows this as chosen. */
  show(view: View): void {
    this.#x.value = view.kind === 'pca' ? PCA : String(view.x);
    this.#y.value = view.kind === 'pca' ? PCA : view.y === undefined ? '' : String(view.y);
    this.#remember();
  }

  /** Shows what a projection is of. */
  showProjection({ kind, x, y }: Projection): void {
    const at = (direction: Float64Array) => direction.indexOf(1);
    this.show(kind === 'pca' ? { kind } : { kind, x: at(x), y: y && at(y) });
  }

  #tell(): void {
    this.#remember();
    this.#onView(this.view);
  }

  #remember(): void {
    if (this.#x.value !== PCA) this.#before = { x: this.#x.value, y: this.#y.value };
  }

  /** To the next of all pairs (0, 1), (0, 2), ... (1, 2), ..., round and round. */
  #step(by: 1 | -1): void {
    const pairs: (readonly [number, number])[] = [];
    for (let x = 0; x < this.#nFeatures; x++) {
      for (let y = x + 1; y < this.#nFeatures; y++) pairs.push([x, y]);
    }
    const [x, y] = [Number(this.#before.x), Number(this.#before.y)];
    const now = pairs.findIndex(([a, b]) => a === Math.min(x, y) && b === Math.max(x, y));
    const next = pairs[(now + by + pairs.length) % pairs.length];
    this.show({ kind: 'axes', x: next[0], y: next[1] });
    this.#tell();
  }
}

/** Two axes never show the same feature: the other one gives way. */
function keepApart(changed: HTMLSelectElement, other: HTMLSelectElement): void {
  if (changed.value === PCA || changed.value !== other.value) return;
  const free = [...other.options].find((option) => option.value !== changed.value);
  if (free) other.value = free.value;
}

function stepButton(id: string, name: string, d: string, onClick: () => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.id = id;
  button.className = 'icon';
  button.title = name;
  button.setAttribute('aria-label', name);
  const attributes = { viewBox: '0 0 18 18', width: 18, height: 18, 'aria-hidden': 'true' };
  button.append(svg('svg', attributes, [svg('path', { d })]));
  button.addEventListener('click', onClick);
  return button;
}
