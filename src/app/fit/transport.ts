import type { SourceData } from '../data/source-data.ts';
import { oncePerFrame } from '../shared/once-per-frame.ts';
import { element, setText } from '../shared/elements.ts';
import { bound, plural } from '../shared/format.ts';
import { field, icon, make } from './form-parts.ts';
import type { Lane } from './history.ts';
import type { Phase } from './phases.ts';
import type { Position } from './timeline.ts';
import './transport.css';

export interface TransportHandlers {
  onRun(): void;
  onPause(): void;
  onStepBack(): void;
  onStep(): void;
  onReset(): void;
  /** Show this frame of the restart shown. */
  onSeek(index: number): void;
  /** Iterations a second; Infinity: as fast as they come. */
  onSpeed(perSecond: number): void;
  /** Undefined: the best so far. */
  onRestart(restart: number | undefined): void;
}

const RUN_LABEL: Record<Phase, string> = {
  loading: 'Run',
  running: 'Pause',
  paused: 'Run',
  converged: 'Run again',
  exhausted: 'Run again',
  failed: 'Run again',
  comparing: 'Run',
  chosen: 'Run again',
  suspended: 'Run',
};
const PLAY = 'M3.5 2.2v11.6a.7.7 0 0 0 1.1.6l9-5.8a.7.7 0 0 0 0-1.2l-9-5.8a.7.7 0 0 0-1.1.6Z';
const PAUSE = 'M3.5 2h3v12h-3zM9.5 2h3v12h-3z';
const STEP =
  'M2.5 2.8v10.4a.6.6 0 0 0 1 .5l7-5.2a.6.6 0 0 0 0-1l-7-5.2a.6.6 0 0 0-1 .5ZM11.5 2h2v12h-2z';
const STEP_BACK =
  'M13.5 2.8v10.4a.6.6 0 0 1-1 .5l-7-5.2a.6.6 0 0 1 0-1l7-5.2a.6.6 0 0 1 1 .5ZM2.5 2h2v12h-2z';
const RESET =
  'M8 2.2a5.8 5.8 0 1 1-5.7 7h2a3.8 3.8 0 1 0 .9-3.9L7 7.2H1.6V1.8l2.2 2.1A5.8 5.8 0 0 1 8 2.2Z';

const SPEEDS: readonly (readonly [perSecond: number, text: string])[] = [
  [1, '1 a second'],
  [4, '4 a second'],
  [12, '12 a second'],
  [Infinity, 'Full speed'],
];
const SPEED = 12;

/** What is there to be watched is shown as the eye can follow it; whoever brings data wants its result, and has every iteration still. */
export function usualSpeed({ origin }: SourceData): number {
  return origin.kind === 'built-in' ? SPEED : Infinity;
}
const KEY = 'speed';

/** Run, step and scrub: fills the group .transport, and adds a row below the plot. */
export class Transport {
  readonly #run = element('run', HTMLButtonElement);
  readonly #step = element('step', HTMLButtonElement);
  readonly #reset = element('reset', HTMLButtonElement);
  readonly #stepBack = make('button', { type: 'button', id: 'step-back' });
  readonly #scrub = make('input', {
    type: 'range',
    id: 'scrub',
    min: '0',
    max: '0',
    step: '1',
    value: '0',
    'aria-label': 'Iteration shown',
  });
  readonly #place = make('span', { class: 'place', 'aria-hidden': 'true' });
  readonly #restart = make('select', { id: 'restart' });
  readonly #restartField = field('Restart', 'n_init', this.#restart);
  readonly #speed = make(
    'select',
    { id: 'speed' },
    ...SPEEDS.map(([perSecond, text]) => new Option(text, String(perSecond))),
  );
  /** Whether the speed is a link's. */
  #isGiven = false;
  #phase: Phase = 'loading';
  #position: Position | undefined;
  readonly #drawSoon = oncePerFrame<void>(() => this.#draw());

  constructor(handlers: TransportHandlers) {
    this.#stepBack.append(icon(STEP_BACK), make('span', {}, 'Back'));
    this.#stepBack.setAttribute('aria-label', 'Step back');
    this.#step.replaceChildren(icon(STEP), make('span', {}, 'Step'));
    this.#reset.replaceChildren(icon(RESET), make('span', {}, 'Reset'));
    this.#run.after(this.#stepBack);
    for (const [button, title] of [
      [this.#stepBack, 'One iteration back'],
      [this.#step, 'One iteration on'],
      [this.#reset, 'Back to the start'],
    ] as const) {
      button.title = title;
    }
    element('plot', HTMLElement).after(
      make(
        'div',
        { class: 'scrubber', role: 'group', 'aria-label': 'History of the fit' },
        make('div', { class: 'scrub-line' }, this.#scrub, this.#place),
        this.#restartField,
        field('Speed', 'Iterations a second, at most', this.#speed),
      ),
    );
    this.#run.addEventListener('click', () =>
      this.#phase === 'running' ? handlers.onPause() : handlers.onRun(),
    );
    this.#step.addEventListener('click', () => {
      if (canStep(this.#phase)) handlers.onStep();
    });
    this.#stepBack.addEventListener('click', () => {
      if (this.#canStepBack) handlers.onStepBack();
    });
    this.#reset.addEventListener('click', () => handlers.onReset());
    this.#scrub.addEventListener('input', () => handlers.onSeek(this.#scrub.valueAsNumber));
    this.#restart.addEventListener('change', () => {
      const { value } = this.#restart;
      handlers.onRestart(value === '' ? undefined : Number(value));
    });
    this.#speed.value = String(chosenSpeed() ?? SPEED);
    this.#speed.addEventListener('change', () => {
      keep(this.#speed.value);
      handlers.onSpeed(Number(this.#speed.value));
    });
    this.#restartField.hidden = true;
    this.#draw();
  }

  /** Iterations a second. */
  get speed(): number {
    return Number(this.#speed.value);
  }

  /** Shows a speed that comes from elsewhere, of those that there are; it is not kept. */
  showSpeed(perSecond: number): void {
    if (!SPEEDS.some(([one]) => one === perSecond)) return;
    this.#isGiven = true;
    this.#speed.value = String(perSecond);
  }

  /** A speed that suits the data, unless the visitor or a link has chosen one. */
  suggestSpeed(perSecond: number): void {
    if (!this.#isGiven && chosenSpeed() === undefined) this.#speed.value = String(perSecond);
  }

  showPhase(phase: Phase): void {
    this.#phase = phase;
    const label = RUN_LABEL[phase];
    if (this.#run.textContent !== label) {
      this.#run.replaceChildren(icon(phase === 'running' ? PAUSE : PLAY), make('span', {}, label));
    }
    this.#draw();
  }

  showPosition(position: Position): void {
    this.#position = position;
    this.#drawSoon();
  }

  get #canStepBack(): boolean {
    return this.#phase !== 'comparing' && this.#index > 0;
  }

  get #index(): number {
    const { history, frame } = this.#position ?? {};
    return history && frame && history.has(frame) ? history.indexOf(frame) : 0;
  }

  #draw(): void {
    // not `disabled`: that would take the focus away from someone stepping by keyboard
    this.#step.setAttribute('aria-disabled', String(!canStep(this.#phase)));
    this.#stepBack.setAttribute('aria-disabled', String(!this.#canStepBack));
    const { history, frame } = this.#position ?? {};
    if (!history || !frame || !history.has(frame)) {
      this.#scrub.max = '0';
      this.#scrub.setAttribute('aria-valuetext', 'no iteration yet');
      setText(this.#place, '–');
      this.#restartField.hidden = true;
      return;
    }
    const { frames } = history.laneOf(frame);
    this.#scrub.max = String(frames.length - 1);
    this.#scrub.value = String(this.#index);
    const of = `${frame.iteration} of ${frames.at(-1)!.iteration}`;
    const changed = frame.by === 'edit' ? ', changed by hand' : '';
    this.#scrub.setAttribute('aria-valuetext', `iteration ${of}${changed}`);
    this.#scrub.style.setProperty(
      '--done',
      String(frames.length > 1 ? this.#index / (frames.length - 1) : 0),
    );
    setText(this.#place, of);
    this.#drawRestarts(history.lanes, history.best, frames.at(-1)!.mixture.nComponents);
  }

  /** @param shown the number of components that the restart shown has come to */
  #drawRestarts(lanes: readonly Lane[], best: number | undefined, shown: number): void {
    this.#restartField.hidden = lanes.length < 2;
    if (lanes.length < 2) return;
    const texts = [
      `Best: ${(best ?? 0) + 1} of ${lanes.length}`,
      ...lanes.map(({ restart, frames, points, error }) => {
        const last = points.at(-1);
        const end = error ? ', collapsed' : last ? `, ${bound(last.lowerBound)}` : '';
        // (K up or down is of the restart shown: the others stay where they were)
        const { nComponents } = frames.at(-1)!.mixture;
        const size = nComponents === shown ? '' : `, ${plural(nComponents, 'component')}`;
        return `${restart + 1}${end}${size}`;
      }),
    ];
    const values = ['', ...lanes.map(({ restart }) => String(restart))];
    const { options } = this.#restart;
    if (options.length !== texts.length) {
      this.#restart.replaceChildren(...texts.map((text, i) => new Option(text, values[i])));
    } else {
      texts.forEach((text, i) => setText(options[i], text));
    }
    this.#restart.value = String(this.#position?.picked ?? '');
    this.#restart.title = plural(lanes.length, 'restart');
  }
}

function canStep(phase: Phase): boolean {
  return phase === 'paused' || phase === 'running';
}

/** As it was chosen the last time; undefined where it never was. */
function chosenSpeed(): number | undefined {
  const kept = Number(keptSpeed());
  return SPEEDS.some(([perSecond]) => perSecond === kept) ? kept : undefined;
}

/** Where the browser keeps nothing (storage refused), the speed is that of this visit. */
function keep(value: string): void {
  try {
    localStorage.setItem(KEY, value);
  } catch {
    remembered = value;
  }
}

function keptSpeed(): string | undefined {
  try {
    return localStorage.getItem(KEY) ?? remembered;
  } catch {
    return remembered;
  }
}

let remembered: string | undefined;
