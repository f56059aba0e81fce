import { element } from '../shared/elements.ts';
import type { FitSettings, Phase } from './fit-session.ts';

/** What the controls ask for. */
export interface ControlHandlers {
  onSettings(settings: FitSettings): void;
  onRun(): void;
  onPause(): void;
  onStep(): void;
  onReset(): void;
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
};

/** The form and the buttons: reads what the user chose, and shows what may be pressed now. */
export class Controls {
  readonly #run = element('run', HTMLButtonElement);
  readonly #step = element('step', HTMLButtonElement);
  readonly #reset = element('reset', HTMLButtonElement);
  readonly #form = element('settings', HTMLFormElement);
  readonly #components = element('components', HTMLInputElement);
  readonly #covariance = element('covariance', HTMLSelectElement);
  readonly #start = element('start', HTMLSelectElement);
  readonly #seed = element('seed', HTMLInputElement);
  #phase: Phase = 'loading';

  constructor(handlers: ControlHandlers) {
    this.#run.addEventListener('click', () =>
      this.#phase === 'running' ? handlers.onPause() : handlers.onRun(),
    );
    this.#step.addEventListener('click', () => {
      if (canStep(this.#phase)) handlers.onStep();
    });
    this.#reset.addEventListener('click', () => handlers.onReset());
    this.#form.addEventListener('submit', (event) => event.preventDefault());
    for (const field of [this.#components, this.#covariance, this.#start, this.#seed]) {
      field.addEventListener('change', () => {
        if (this.#form.reportValidity()) handlers.onSettings(this.settings);
      });
    }
  }

  /** The model as chosen. */
  get settings(): FitSettings {
    return {
      nComponents: this.#components.valueAsNumber,
      covarianceType: this.#covariance.value as FitSettings['covarianceType'],
      initParams: this.#start.value as FitSettings['initParams'],
      seed: this.#seed.valueAsNumber,
    };
  }

  /** A number of components and a start that suit the data. */
  suggest({ nComponents, initParams }: Pick<FitSettings, 'nComponents' | 'initParams'>): void {
    this.#components.value = String(nComponents);
    this.#start.value = initParams;
  }

  /** The number of components that is shown, for the next fit. */
  showComponents(nComponents: number): void {
    this.#components.value = String(nComponents);
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
