import type { BuiltIn } from '../data/data-sources.ts';
import { element } from '../shared/elements.ts';
import { ModelForm } from './model-form.ts';
import type { ModelHandlers } from './model-form.ts';
import type { Phase } from './phases.ts';
import type { FitSettings } from './settings.ts';
import type { Position } from './timeline.ts';
import { Transport } from './transport.ts';
import type { TransportHandlers } from './transport.ts';

/** What the controls ask for. */
export interface ControlHandlers extends ModelHandlers, TransportHandlers {
  onData(id: string): void;
}

/** The form and the buttons: reads what the user chose, and shows what may be pressed now. */
export class Controls {
  readonly #dataSet = element('data-set', HTMLSelectElement);
  readonly #form: ModelForm;
  readonly #transport: Transport;

  constructor(handlers: ControlHandlers) {
    this.#form = new ModelForm(handlers);
    this.#transport = new Transport(handlers);
    this.#dataSet.addEventListener('change', () => handlers.onData(this.#dataSet.value));
  }

  /** The model as chosen. */
  get settings(): FitSettings {
    return this.#form.settings;
  }

  /** Iterations a second as chosen. */
  get speed(): number {
    return this.#transport.speed;
  }

  showSpeed(perSecond: number): void {
    this.#transport.showSpeed(perSecond);
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
    this.#form.show({ nComponents, initParams });
  }

  /** Settings that come from elsewhere, for the next fit. */
  showSettings(settings: Parameters<ModelForm['show']>[0]): void {
    this.#form.show(settings);
  }

  showPhase(phase: Phase): void {
    this.#transport.showPhase(phase);
  }

  showPosition(position: Position): void {
    this.#transport.showPosition(position);
  }
}
