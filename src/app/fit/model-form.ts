import { element } from '../shared/elements.ts';
import './model-form.css';
import { field, icon, make } from './form-parts.ts';
import { COVARIANCES, DEFAULTS, MOST } from './settings.ts';
import type { FitSettings } from './settings.ts';

export interface ModelHandlers {
  /** Begin anew with these. */
  onSettings(settings: FitSettings): void;
  /** So many components more, or fewer, than what is shown has. */
  onComponents(by: number): void;
}

const COVARIANCE_NAMES: Record<(typeof COVARIANCES)[number], string> = {
  full: 'full',
  tied: 'tied',
  diag: 'diagonal',
  spherical: 'spherical',
};
const DICE =
  'M3.5 1h9A2.5 2.5 0 0 1 15 3.5v9a2.5 2.5 0 0 1-2.5 2.5h-9A2.5 2.5 0 0 1 1 12.5v-9A2.5 2.5 0 0 1 3.5 1Zm1.2 2.4a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6Zm6.6 0a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6ZM8 6.7a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6ZM4.7 10a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6Zm6.6 0a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6Z';

/** The model as chosen: builds its fields inside the form #settings. */
export class ModelForm {
  /** The last settings that could be used. */
  #used: Partial<FitSettings> = {};
  readonly #form = element('settings', HTMLFormElement);
  readonly #components = number('components', 1, MOST.components, 2);
  readonly #fewer = make(
    'button',
    { type: 'button', id: 'fewer', 'aria-label': 'One component fewer' },
    '−',
  );
  readonly #more = make(
    'button',
    { type: 'button', id: 'more', 'aria-label': 'One component more' },
    '+',
  );
  readonly #covariance = choice(
    'covariance',
    COVARIANCES.map((type) => [type, COVARIANCE_NAMES[type]] as const),
  );
  readonly #start = choice('start', [
    ['k-means++', 'k-means++'],
    ['kmeans', 'k-means'],
    ['random_from_data', 'random samples'],
    ['random', 'random'],
  ]);
  readonly #seed = number('seed', 0, MOST.seed, 0);
  readonly #restarts = number('n-init', 1, MOST.restarts, DEFAULTS.nInit);
  readonly #tol = number('tol', 0, undefined, DEFAULTS.tol);
  readonly #maxIter = number('max-iter', 1, MOST.iterations, DEFAULTS.maxIter);
  readonly #regCovar = number('reg-covar', 0, undefined, DEFAULTS.regCovar);
  readonly #handlers: ModelHandlers;

  constructor(handlers: ModelHandlers) {
    this.#handlers = handlers;
    const dice = make(
      'button',
      { type: 'button', id: 'dice', 'aria-label': 'Another seed', title: 'Another seed' },
      icon(DICE),
    );
    this.#form.replaceChildren(
      make(
        'div',
        { class: 'field', title: 'n_components' },
        make('label', { for: 'components' }, 'Components'),
        make('div', { class: 'stepper' }, this.#fewer, this.#components, this.#more),
      ),
      field('Covariance', 'covariance_type', this.#covariance),
      field('Start', 'init_params', this.#start),
      make(
        'div',
        { class: 'field', title: 'random_state' },
        make('label', { for: 'seed' }, 'Seed'),
        make('div', { class: 'stepper' }, this.#seed, dice),
      ),
      make(
        'details',
        { class: 'wide', id: 'more-settings' },
        make('summary', {}, 'More'),
        make(
          'div',
          { class: 'more-fields' },
          field('Restarts', 'n_init', this.#restarts),
          field('Most iterations', 'max_iter', this.#maxIter),
          field('Tolerance', 'tol', this.#tol),
          field('Added to variances', 'reg_covar', this.#regCovar),
        ),
      ),
    );
    this.#form.addEventListener('submit', (event) => event.preventDefault());
    const fields = [
      this.#components,
      this.#covariance,
      this.#start,
      this.#seed,
      this.#restarts,
      this.#tol,
      this.#maxIter,
      this.#regCovar,
    ];
    for (const one of fields) one.addEventListener('change', () => this.#tell());
    this.#components.addEventListener('input', () => this.#mark());
    this.#fewer.addEventListener('click', () => this.#stepComponents(-1));
    this.#more.addEventListener('click', () => this.#stepComponents(1));
    dice.addEventListener('click', () => {
      // the small numbers that people pass on; none twice in a row
      const seed = Math.floor(Math.random() * 9999);
      this.#seed.value = String(seed >= this.#seed.valueAsNumber ? seed + 1 : seed);
      this.#tell();
    });
    this.#form.addEventListener('focusout', () => setTimeout(() => this.#restore(), 0));
    this.#mark();
  }

  get settings(): FitSettings {
    return {
      nComponents: this.#components.valueAsNumber,
      covarianceType: this.#covariance.value as FitSettings['covarianceType'],
      initParams: this.#start.value as FitSettings['initParams'],
      seed: this.#seed.valueAsNumber,
      nInit: this.#restarts.valueAsNumber,
      regCovar: this.#regCovar.valueAsNumber,
      tol: this.#tol.valueAsNumber,
      maxIter: this.#maxIter.valueAsNumber,
    };
  }

  /** Fills in what is given, without telling anyone. */
  show(settings: { [Name in keyof FitSettings]?: FitSettings[Name] | undefined }): void {
    const { nComponents, covarianceType, initParams, seed, nInit, regCovar, tol, maxIter } =
      settings;
    for (const [input, value] of [
      [this.#components, nComponents],
      [this.#covariance, covarianceType],
      [this.#start, initParams],
      [this.#seed, seed],
      [this.#restarts, nInit],
      [this.#regCovar, regCovar],
      [this.#tol, tol],
      [this.#maxIter, maxIter],
    ] as const) {
      // what is being typed is not touched
      if (value !== undefined && input !== document.activeElement) input.value = String(value);
    }
    this.#mark();
    if (this.#form.checkValidity()) this.#used = this.settings;
  }

  #tell(): void {
    this.#mark();
    if (!this.#form.reportValidity()) return;
    this.#used = this.settings;
    this.#handlers.onSettings(this.settings);
  }

  /** A number that was refused gives way to the one in use once it is left. */
  #restore(): void {
    if (this.#form.checkValidity()) return;
    this.show(this.#used);
  }

  #stepComponents(by: number): void {
    const wanted = this.#components.valueAsNumber + by;
    if (wanted < 1 || wanted > MOST.components) return;
    if (!Number.isNaN(wanted)) this.#components.value = String(wanted);
    this.#mark();
    this.#handlers.onComponents(by);
  }

  /** A button at its end keeps the focus, so it is not disabled. */
  #mark(): void {
    const now = this.#components.valueAsNumber;
    this.#fewer.setAttribute('aria-disabled', String(now <= 1));
    this.#more.setAttribute('aria-disabled', String(now >= MOST.components));
  }
}

/** @param most undefined: any number, fractions too */
function number(
  id: string,
  least: number,
  most: number | undefined,
  value: number,
): HTMLInputElement {
  return make('input', {
    type: 'number',
    id,
    min: String(least),
    ...(most === undefined ? { step: 'any' } : { max: String(most), step: '1' }),
    value: String(value),
    inputmode: most === undefined ? 'decimal' : 'numeric',
    required: '',
  });
}

function choice(id: string, options: readonly (readonly [string, string])[]): HTMLSelectElement {
  return make('select', { id }, ...options.map(([value, text]) => new Option(text, value)));
}
