import { copyText } from './copy-text.ts';
import './result-dialog.css';
import './code-dialog.css';

/** A program to read, copy and save. */
export interface ShownCode {
  readonly title: string;
  /** A sentence on what it is and what it needs. */
  readonly about: string;
  readonly code: string;
  readonly fileName: string;
}

export interface CodeDialogHandlers {
  onCopied(): void;
  onSave(fileName: string, code: string): void;
}

/** Shows a program; the browser's own dialog, so Escape closes it and the focus goes back. */
export class CodeDialog {
  readonly #handlers: CodeDialogHandlers;
  readonly #dialog = document.createElement('dialog');
  readonly #title = document.createElement('h2');
  readonly #about = document.createElement('p');
  readonly #code = document.createElement('code');
  readonly #copy = document.createElement('button');
  readonly #save = document.createElement('button');
  #shown: ShownCode | undefined;

  constructor(handlers: CodeDialogHandlers) {
    this.#handlers = handlers;
    this.#dialog.className = 'result-dialog code-dialog';
    this.#dialog.setAttribute('aria-labelledby', 'code-title');
    this.#title.id = 'code-title';
    this.#about.className = 'note';
    const pre = document.createElement('pre');
    // scrolled by keyboard too
    pre.tabIndex = 0;
    pre.setAttribute('aria-label', 'The program');
    pre.setAttribute('role', 'region');
    pre.append(this.#code);
    const close = document.createElement('button');
    Object.assign(close, { type: 'button', textContent: 'Close', className: 'quiet' });
    Object.assign(this.#copy, { type: 'button', id: 'copy-shown', className: 'primary' });
    Object.assign(this.#save, { type: 'button', id: 'save-shown', textContent: 'Save' });
    close.addEventListener('click', () => this.#dialog.close());
    this.#copy.addEventListener('click', () => void this.#copyShown());
    this.#save.addEventListener('click', () => {
      if (this.#shown) handlers.onSave(this.#shown.fileName, this.#shown.code);
    });
    const actions = document.createElement('div');
    actions.className = 'code-actions';
    actions.append(this.#copy, this.#save, close);
    this.#dialog.append(this.#title, this.#about, pre, actions);
    document.body.append(this.#dialog);
  }

  /** @param copy puts it on the clipboard at once */
  show(shown: ShownCode, copy = false): void {
    this.#shown = shown;
    this.#title.textContent = shown.title;
    this.#about.textContent = shown.about;
    this.#code.textContent = shown.code;
    this.#copy.textContent = 'Copy';
    this.#dialog.showModal();
    this.#copy.focus();
    if (copy) void this.#copyShown();
  }

  async #copyShown(): Promise<void> {
    if (!this.#shown) return;
    if (await copyText(this.#shown.code)) {
      this.#copy.textContent = 'Copied';
      this.#handlers.onCopied();
      return;
    }
    // then by hand: it is selected
    this.#copy.textContent = 'Selected: press Ctrl+C';
    getSelection()?.selectAllChildren(this.#code);
  }
}
