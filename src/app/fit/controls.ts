import type { SourceData } from '../data/source-data.ts';
import { ModelForm } from './model-form.ts';
import type { ModelHandlers } from './model-form.ts';
import type { Phase } from './phases.ts';
import type { FitSettings } from './settings.ts';
import type { Position } from './timeline.ts';
import { Transport, usualSpeed } from './transport.ts';
import type { TransportHandlers } from './transport.ts';

/** What the controls ask for. */
export type ControlHandlers = ModelHandlers & TransportHandlers;

/** The form and the buttons: reads what the user chose, and shows what may be pressed now. */
export class Controls {
  readonly #form: ModelForm;
  readonly #transport: Transport;

  constructor(handlers: ControlHandlers) {
    this.#form = new ModelForm(handlers);
    this.#transport = new Transport(handlers);
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

  /** A number of components, a start and a speed that suit the data. */
  suggest(data: SourceData): void {
    const { nComponents, initParams, seed = 0 } = data;
    this.#form.show({ nComponents, initParams, seed });
    this.#transport.suggestSpeed(usualSpeed(data));
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
