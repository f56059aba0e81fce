import { build } from '../shared/build.ts';

export interface TextDialogOptions {
  readonly title: string;
  readonly label: string;
  readonly note: string;
  readonly action: string;
  readonly field: HTMLTextAreaElement | HTMLInputElement;
}

/** Asks for a text. `onText` is called where one is given. */
export function askForText(options: TextDialogOptions, onText: (text: string) => void): void {
  const { title, label, note, action, field } = options;
  const dialog = build('dialog', { class: 'sheet ask', 'aria-labelledby': 'ask-title' });
  const cancel = build('button', { type: 'button' }, 'Cancel');
  cancel.addEventListener('click', () => dialog.close());
  field.required = true;
  const form = build(
    'form',
    { method: 'dialog' },
    build('h2', { id: 'ask-title' }, title),
    build('label', {}, label, field),
    build('p', { class: 'note' }, note),
    build(
      'div',
      { class: 'columns-actions' },
      cancel,
      build('button', { type: 'submit', class: 'primary' }, action),
    ),
  );
  form.addEventListener('submit', () => onText(field.value));
  dialog.append(form);
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  field.focus();
}

export function askForPaste(onText: (text: string) => void): void {
  const field = build('textarea', {
    rows: '10',
    spellcheck: 'false',
    placeholder: 'x,y\n1.2,3.4\n2.1,0.7',
  });
  const label = 'Rows of numbers, as CSV or copied out of a spreadsheet';
  const note =
    'A first line of names is found by itself. Pasting anywhere on the page does the same.';
  askForText({ title: 'Paste data', label, note, action: 'Fit it', field }, onText);
}

export function askForAddress(address: string, onUrl: (url: string) => void): void {
  const field = build('input', {
    type: 'url',
    value: address,
    placeholder: 'https://example.org/data.csv',
  });
  const note =
    'The browser asks that address for the file, once, without cookies. Its server must let other pages read it (CORS).';
  askForText(
    { title: 'Data from an address', label: 'Address of a file', note, action: 'Read it', field },
    (text) => onUrl(text.trim()),
  );
}
