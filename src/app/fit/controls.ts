import type { BuiltIn } from '../data/data-sources.ts';
import { element } from '../shared/elements.ts';
import type { FitSettings, Phase } from './fit-session.ts';
import type { Axes } from '../plot/view-window.ts';

/** What the controls ask for. */
export interface ControlHandlers {
  onData(id: string): void;
  onSettings(settings: FitSettings): void;
  onRun(): void;
  onPause(): void;
  onStep(): void;
  onReset(): void;
  onAxes(axes: Axes): void;
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
  readonly #dataSet = element('data-set', HTMLSelectElement);
  readonly #components = element('components', HTMLInputElement);
  readonly #covariance = element('covariance', HTMLSelectElement);
  readonly #start = element('start', HTMLSelectElement);
  readonly #seed = element('seed', HTMLInputElement);
  readonly #axes = element('axes', HTMLElement);
  readonly #axisX = element('axis-x', HTMLSelectElement);
  readonly #axisY = element('axis-y', HTMLSelectElement);
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
    this.#dataSet.addEventListener('change', () => handlers.onData(this.#dataSet.value));
    for (const field of [this.#components, this.#covariance, this.#start, this.#seed]) {
      field.addEventListener('change', () => {
        if (this.#form.reportValidity()) handlers.onSettings(this.settings);
      });
    }
    this.#axisX.addEventListener('change', () => {
      keepApart(this.#axisX, this.#axisY);
      handlers.onAxes(this.axes);
    });
    this.#axisY.addEventListener('change', () => {
      keepApart(this.#axisY, this.#axisX);
      handlers.onAxes(this.axes);
    });
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

  /** The features to draw. */
  get axes(): Axes {
    const y = this.#axisY.value;
    return { x: Number(this.#axisX.value), y: y === '' ? undefined : Number(y) };
  }

  listData(sources: readonly BuiltIn[]): void {
    this.#dataSet.replaceChildren(...sources.map(({ id, label }) => new Option(label, id)));
  }

  /** Shows which data set is used; one that the menu lacks, a file, is added to it. */
  chooseData(id: string, label: string): void {
    if (![...this.#dataSet.options].some((option) => option.value === id)) {
      this.#dataSet.add(new Option(label, id));
    }
    this.#dataSet.value = id;
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

  /** Offers the features as axes, where there are more than two to choose from. */
  listFeatures(names: readonly string[]): void {
    const options = () => names.map((name, feature) => new Option(name, String(feature)));
    this.#axisX.replaceChildren(...options());
    this.#axisY.replaceChildren(...options());
    this.#axisX.value = '0';
    // no option has this value where there is one feature: then `value` reads as ''
    this.#axisY.value = names.length > 1 ? '1' : '';
    this.#axes.hidden = names.length <= 2;
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

/** Two axes never show the same feature: the other one gives way. */
function keepApart(changed: HTMLSelectElement, other: HTMLSelectElement): void {
  if (changed.value !== other.value) return;
  const free = [...other.options].find((option) => option.value !== changed.value);
  if (free) other.value = free.value;
}
