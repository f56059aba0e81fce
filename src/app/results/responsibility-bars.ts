import { setText } from '../shared/elements.ts';
import { percent } from '../shared/format.ts';
import { css, pointColour, textColourOn } from '../shared/palette.ts';

interface Row {
  readonly root: HTMLElement;
  readonly badge: HTMLElement;
  readonly bar: HTMLElement;
  readonly value: HTMLElement;
}

/** With more components, those without a share are left out. */
const MANY = 12;

/** A sample's responsibilities, a labelled bar a component in their order; the pointer on a bar looks at its component. */
export class ResponsibilityBars {
  readonly root = document.createElement('ul');
  readonly #onLook: (component: number | undefined) => void;
  readonly #rows: Row[] = [];

  constructor(onLook: (component: number | undefined) => void) {
    this.#onLook = onLook;
    this.root.className = 'responsibility-bars';
    this.root.setAttribute('aria-label', 'Responsibilities of the components for this sample');
  }

  show(responsibilities: ArrayLike<number>, dark: boolean): void {
    for (const { root } of this.#rows.splice(responsibilities.length)) root.remove();
    while (this.#rows.length < responsibilities.length) this.#add();
    this.root.classList.toggle('many', responsibilities.length > MANY);
    this.#rows.forEach(({ badge, bar, value, root }, k) => {
      const colour = pointColour(k, dark);
      badge.style.background = css(colour);
      badge.style.color = textColourOn(colour);
      bar.style.background = css(colour);
      bar.style.transform = `scaleX(${responsibilities[k].toFixed(4)})`;
      setText(value, percent(responsibilities[k]));
      root.classList.toggle('least', responsibilities[k] < 0.0005);
    });
  }

  mark(highlighted: number | undefined): void {
    this.#rows.forEach(({ root }, k) => root.classList.toggle('highlighted', k === highlighted));
  }

  #add(): void {
    const component = this.#rows.length;
    const root = document.createElement('li');
    const [badge, track, bar, value] = ['card-badge', 'card-track', 'card-bar', 'share'].map(
      (name) => {
        const made = document.createElement('span');
        made.className = name;
        return made;
      },
    );
    badge.textContent = String(component);
    track.append(bar);
    root.append(badge, track, value);
    root.addEventListener('pointerenter', () => this.#onLook(component));
    root.addEventListener('pointerleave', () => this.#onLook(undefined));
    this.root.append(root);
    this.#rows.push({ root, badge, bar, value });
  }
}
