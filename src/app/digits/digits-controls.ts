import type { DigitPhase as Phase, DigitSettings } from './digits-session.ts';
import { element } from '../shared/elements.ts';

/** What the controls of the fit ask for. */
export interface DigitControlHandlers {
  onData(name: string): void;
  onSettings(settings: DigitSettings): void;
  onRun(): void;
  onPause(): void;
  onStep(): void;
  onReset(): void;
}

const RUN_LABEL: Record<Phase, string> = {
  loading: 'Fit',
  running: 'Stop',
  paused: 'Fit',
  converged: 'Fit again',
  exhausted: 'Fit again',
  suspended: 'Fit',
  failed: 'Fit again',
};

/** The form and the buttons: reads what the user chose, and shows what may be pressed now. */
export class DigitControls {
  readonly #run = element('run', HTMLButtonElement);
  readonly #step = element('step', HTMLButtonElement);
  readonly #form = element('settings', HTMLFormElement);
  readonly #dataSet = element('data-set', HTMLSelectElement);
  readonly #components = element('components', HTMLInputElement);
  readonly #seed = element('seed', HTMLInputElement);
  readonly #a = element('prior-a', HTMLInputElement);
  readonly #b = element('prior-b', HTMLInputElement);
  readonly #alpha = element('prior-alpha', HTMLInputElement);
  #phase: Phase = 'loading';

  constructor(handlers: DigitControlHandlers) {
    this.#run.addEventListener('click', () => {
      if (this.#phase !== 'running') return handlers.onRun();
      // an iteration of many digits takes a while to come to its end
      this.#run.textContent = 'Stopping';
      handlers.onPause();
    });
    this.#step.addEventListener('click', () => {
      if (canStep(this.#phase)) handlers.onStep();
    });
    element('reset', HTMLButtonElement).addEventListener('click', () => handlers.onReset());
    this.#form.addEventListener('submit', (event) => event.preventDefault());
    this.#dataSet.addEventListener('change', () => handlers.onData(this.#dataSet.value));
    for (const field of [this.#components, this.#seed, this.#a, this.#b, this.#alpha]) {
      field.addEventListener('change', () => {
        if (this.#form.reportValidity()) handlers.onSettings(this.settings);
      });
    }
  }

  /** The model as chosen. */
  get settings(): DigitSettings {
    return {
      nComponents: this.#components.valueAsNumber,
      seed: this.#seed.valueAsNumber,
      prior: {
        a: this.#a.valueAsNumber,
        b: this.#b.valueAsNumber,
        alpha: this.#alpha.valueAsNumber,
      },
    };
  }

  /** Shows which digits are used, and adds them to the menu where it lacks them. */
  chooseData(name: string): void {
    if (![...this.#dataSet.options].some((option) => option.value === name)) {
      this.#dataSet.add(new Option(name, name));
    }
    this.#dataSet.value = name;
  }

  showPhase(phase: Phase): void {
    this.#phase = phase;
    this.#run.textContent = RUN_LABEL[phase];
    // not `disabled`: that would take the focus away from someone stepping by keyboard
    this.#step.setAttribute('aria-disabled', String(!canStep(phase)));
  }
}

function canStep(phase: Phase): boolean {
  return phase === 'paused' || phase === 'running';
}
