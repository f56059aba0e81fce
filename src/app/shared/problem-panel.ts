import { MixtureError } from '../../index.ts';
import { element } from './elements.ts';

/** Errors, where the user looks: what went wrong and what to do about it. */
export class ProblemPanel {
  readonly #panel = element('problem', HTMLElement);
  readonly #title = element('problem-title', HTMLElement);
  readonly #message = element('problem-message', HTMLElement);
  readonly #hint = element('problem-hint', HTMLElement);

  constructor() {
    element('problem-dismiss', HTMLButtonElement).addEventListener('click', () => this.hide());
  }

  show(title: string, error: unknown): void {
    this.#title.textContent = title;
    this.#message.textContent = error instanceof Error ? error.message : String(error);
    this.#hint.textContent = error instanceof MixtureError ? error.hint : '';
    this.#panel.dataset['code'] = error instanceof MixtureError ? error.code : '';
    this.#panel.hidden = false;
  }

  hide(): void {
    this.#panel.hidden = true;
  }
}
