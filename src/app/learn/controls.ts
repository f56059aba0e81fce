import { element, setText } from '../shared/elements.ts';
import { kindOf, nameOf } from './half-step.ts';
import { tell } from './sentence.ts';
import type { Walk, WalkState } from './walk.ts';

/** Moves along the half steps: buttons, slider, keys, and by itself when asked to. */
export class Controls {
  readonly #walk: Walk;
  readonly #first = element('first', HTMLButtonElement);
  readonly #back = element('back', HTMLButtonElement);
  readonly #next = element('next', HTMLButtonElement);
  readonly #play = element('play', HTMLButtonElement);
  readonly #last = element('last', HTMLButtonElement);
  readonly #speed = element('speed', HTMLSelectElement);
  readonly #slider = element('half-step', HTMLInputElement);
  readonly #title = element('step-title', HTMLElement);
  readonly #sentence = element('sentence', HTMLElement);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(walk: Walk) {
    this.#walk = walk;
    this.#first.addEventListener('click', () => walk.goTo(0));
    this.#back.addEventListener('click', () => this.#by(-1));
    this.#next.addEventListener('click', () => this.#by(1));
    this.#last.addEventListener('click', () => walk.goTo(Infinity));
    this.#play.addEventListener('click', () => this.#toggle());
    this.#slider.addEventListener('input', () => walk.goTo(this.#slider.valueAsNumber));
    document.addEventListener('keydown', (event) => this.#key(event));
    walk.subscribe((state, before) => this.#show(state, before));
  }

  #show(state: WalkState, before: WalkState | undefined): void {
    const { index, run, playing } = state;
    const last = run.steps.length - 1;
    setText(this.#title, nameOf(index));
    // ("ln" and "p" stay in one line)
    setText(this.#sentence, tell(state).replaceAll('ln p', 'ln\u00a0p'));
    disable(this.#first, index === 0);
    disable(this.#back, index === 0);
    disable(this.#next, index === last);
    disable(this.#last, index === last);
    disable(this.#play, index === last && !playing);
    setText(
      this.#next,
      index === last ? 'The end' : kindOf(index + 1) === 'e' ? 'E-step' : 'M-step',
    );
    setText(this.#play, playing ? 'Pause' : 'Play');
    this.#slider.max = String(last);
    this.#slider.value = String(index);
    this.#slider.setAttribute('aria-valuetext', `${nameOf(index)}, half step ${index} of ${last}`);
    if (playing && (!before?.playing || before.index !== index)) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#walk.goTo(index + 1), Number(this.#speed.value));
    }
    if (!playing) clearTimeout(this.#timer);
  }

  #by(steps: number): void {
    const { state } = this.#walk;
    if (!state) return;
    this.#walk.change({ playing: false });
    this.#walk.goTo(state.index + steps);
  }

  #toggle(): void {
    const { state } = this.#walk;
    if (!state || (!state.playing && state.index === state.run.steps.length - 1)) return;
    this.#walk.change({ playing: !state.playing });
  }

  /** Arrows, Home, End and space, unless they are meant for what has the focus. */
  #key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const target = event.target as Element;
    if (target.closest('input, select, textarea') || target.matches('.scroll')) return;
    const actions: Readonly<Record<string, () => void>> = {
      ArrowRight: () => this.#by(1),
      ArrowLeft: () => this.#by(-1),
      Home: () => this.#walk.goTo(0),
      End: () => this.#walk.goTo(Infinity),
    };
    const action = actions[event.key];
    if (action) action();
    // (a button, a link or a box that scrolls has its own use for it)
    else if (event.key === ' ' && !target.closest('button, a, summary, [tabindex]')) this.#toggle();
    else return;
    event.preventDefault();
  }
}

/** Says so to assistive technology and keeps the focus, which a disabled button would lose. */
function disable(button: HTMLButtonElement, disabled: boolean): void {
  button.setAttribute('aria-disabled', String(disabled));
}
