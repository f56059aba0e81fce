import { MixtureError } from '../../index.ts';
import { build } from './build.ts';
import { wayToCpu } from './device-fault.ts';
import { element } from './elements.ts';
import { translated } from './glossary.ts';

/** An error in the words of the page that shows it. */
export interface Explanation {
  readonly message: string;
  readonly hint: string;
  /** What the visitor can do about it at once. */
  readonly ways?: readonly Way[];
}

export interface Way {
  readonly label: string;
  readonly take: () => void;
}

/** Errors, over the page wherever the user looks: what went wrong and what to do about it. */
export class ProblemPanel {
  readonly #explain: (error: unknown) => Explanation | undefined;
  readonly #panel = element('problem', HTMLElement);
  readonly #title = element('problem-title', HTMLElement);
  readonly #message = element('problem-message', HTMLElement);
  readonly #hint = element('problem-hint', HTMLElement);
  readonly #details = element('problem-details', HTMLDetailsElement);
  readonly #cause = element('problem-cause', HTMLElement);
  readonly #ways = element('problem-ways', HTMLElement);
  /** What had the focus before the panel. */
  #before: Element | null = null;

  /** @param explain words for errors that the page has better ones for than the library, which knows neither columns nor fields */
  constructor(explain: (error: unknown) => Explanation | undefined = () => undefined) {
    this.#explain = explain;
    element('problem-dismiss', HTMLButtonElement).addEventListener('click', () => this.#leave());
    this.#panel.addEventListener('focusin', ({ relatedTarget }) => {
      if (relatedTarget instanceof Element && !this.#panel.contains(relatedTarget)) {
        this.#before = relatedTarget;
      }
    });
    document.addEventListener('keydown', (event) => {
      const isOpen = !this.#panel.hidden && !document.querySelector('dialog[open]');
      if (event.key === 'Escape' && isOpen && !event.defaultPrevented) this.#leave();
    });
  }

  show(title: string, error: unknown, explanation = this.#explain(error)): void {
    const cause = error instanceof Error ? error.message : String(error);
    const {
      message,
      hint,
      ways = [],
    } = explanation ?? {
      message: translated(cause),
      hint: error instanceof MixtureError ? translated(error.hint) : '',
    };
    const code = error instanceof MixtureError ? error.code : '';
    // what follows from the first error says nothing new
    if (!this.#panel.hidden && this.#message.textContent === message) return;
    this.#title.textContent = title;
    this.#message.textContent = message;
    this.#hint.textContent = hint;
    this.#details.hidden = message === cause;
    this.#details.open = false;
    this.#cause.textContent = [code, cause].filter(Boolean).join(': ');
    this.#ways.replaceChildren(
      ...[...ways, ...wayToCpu(error)].map(({ label, take }) => {
        const button = build('button', { type: 'button' }, label);
        button.addEventListener('click', () => {
          this.#leave();
          take();
        });
        return button;
      }),
    );
    this.#panel.dataset['code'] = code;
    if (this.#panel.hidden) this.#before = document.activeElement;
    this.#panel.hidden = false;
    // above the full screen, too; an older browser has it where style sheets put it
    if (this.#panel.isConnected && !isShown(this.#panel)) this.#panel.showPopover?.();
  }

  hide(): void {
    const hadFocus = this.#panel.contains(document.activeElement);
    if (isShown(this.#panel)) this.#panel.hidePopover();
    this.#panel.hidden = true;
    if (hadFocus) this.#giveBack();
  }

  /** The visitor is done with it. */
  #leave(): void {
    this.hide();
    if (document.activeElement === document.body) this.#giveBack();
  }

  /** The focus, to where it was; where that is gone, to the beginning of the content. */
  #giveBack(): void {
    const before = this.#before;
    const options = { preventScroll: true };
    if (before instanceof HTMLElement || before instanceof SVGElement) before.focus(options);
    if (document.activeElement !== before || before === document.body) {
      const main = element('main', HTMLElement);
      main.tabIndex = -1;
      main.focus(options);
    }
  }
}

function isShown(panel: HTMLElement): boolean {
  // (a browser without popovers does not know the selector)
  return 'showPopover' in panel && panel.matches(':popover-open');
}
