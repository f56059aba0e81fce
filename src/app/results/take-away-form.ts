import { setText } from '../shared/elements.ts';
import type { ResultFormat, ResultRequest } from './result-file.ts';
import './take-away.css';

/** The controls of "Take it away". */
export interface TakeAwayForm {
  readonly root: HTMLElement;
  readonly labels: HTMLButtonElement;
  readonly responsibilities: HTMLButtonElement;
  readonly cancel: HTMLButtonElement;
  readonly model: HTMLButtonElement;
  readonly load: HTMLButtonElement;
  readonly file: HTMLInputElement;
  readonly code: HTMLButtonElement;
  readonly python: HTMLButtonElement;
  readonly labelling: HTMLButtonElement;
  readonly link: HTMLButtonElement;
  readonly linkNote: HTMLElement;
  /** What the link that was copied leaves out. */
  readonly linkLacks: HTMLElement;
  /** For samples that are not all rows of their source. */
  readonly rowNote: HTMLElement;
  /** For a source of which columns are not kept. */
  readonly lostNote: HTMLElement;
  request(): Pick<ResultRequest, 'format' | 'withColumns'>;
  /** @param share 0 to 1, NaN where it is not known; undefined where nothing is written */
  showProgress(share: number | undefined, text?: string): void;
  showCopied(copied: boolean): void;
  /** Whether there is a mixture to take away. */
  showWhether(isThere: boolean): void;
}

const FORMATS: readonly (readonly [ResultFormat, string])[] = [
  ['csv', 'CSV'],
  ['npy', 'NumPy (npy)'],
  ['parquet', 'Parquet'],
];

export function takeAwayForm(): TakeAwayForm {
  const format = document.createElement('select');
  format.id = 'result-format';
  format.append(...FORMATS.map(([value, name]) => new Option(name, value)));
  const formatLabel = made('label', '', ['Format ', format]);
  const withColumns = document.createElement('input');
  Object.assign(withColumns, { type: 'checkbox', id: 'with-columns' });
  const columnsLabel = made('label', 'check', [withColumns, ' with the columns']);
  const bar = document.createElement('progress');
  bar.max = 1;
  bar.id = 'writing-progress';
  const barLabel = made('label', 'note', []);
  barLabel.htmlFor = bar.id;
  const cancel = button('cancel-writing', 'Cancel');
  const progress = made('div', 'writing', [barLabel, bar, cancel]);
  progress.hidden = true;
  const file = document.createElement('input');
  Object.assign(file, { type: 'file', id: 'model-file', accept: '.json,application/json' });
  file.hidden = true;
  file.setAttribute('aria-label', 'Model as JSON');
  const link = button('copy-link', 'Copy link');
  const linkNote = made('p', 'note', ['The link holds the settings, not your file.']);
  linkNote.id = 'link-note';
  linkNote.hidden = true;
  const linkLacks = made('p', 'note', []);
  linkLacks.id = 'link-lacks';
  linkLacks.hidden = true;
  const rowNote = made('p', 'note', [
    'Rows of the source that are no samples: label −1, responsibilities empty (NaN in npy). With the columns: samples only, the first column is their row, from 0.',
  ]);
  rowNote.id = 'row-note';
  rowNote.hidden = true;
  const lostNote = made('p', 'note', []);
  lostNote.id = 'lost-note';
  lostNote.hidden = true;
  const controls = {
    labels: button('download-labels', 'Labels'),
    responsibilities: button('download-responsibilities', 'Responsibilities'),
    model: button('download-model', 'Model (JSON)'),
    load: button('load-model', 'Load a model'),
    code: button('copy-code', 'Copy code'),
    python: button('show-python', 'scikit-learn'),
    labelling: button('show-labelling', 'JavaScript'),
  };
  const nothing = made('p', 'note', [
    'There is no mixture of these samples to take away: their fit stopped by an error.',
  ]);
  nothing.hidden = true;
  const { load: _, ...ofMixture } = controls;
  const root = made('div', 'take-away', [
    nothing,
    group('Every sample', [
      made('div', 'take-away-row', [formatLabel, columnsLabel]),
      made('div', 'downloads', [controls.labels, controls.responsibilities]),
      rowNote,
      lostNote,
      progress,
    ]),
    group('The model', [
      made('div', 'downloads', [controls.model, controls.load, file]),
      made('div', 'downloads', [controls.code]),
      made('p', 'note', ['Labels by the downloaded model:']),
      made('div', 'downloads', [controls.python, controls.labelling]),
    ]),
    group('This view', [made('div', 'downloads', [link]), linkNote, linkLacks]),
  ]);
  return {
    ...controls,
    root,
    cancel,
    file,
    link,
    linkNote,
    linkLacks,
    rowNote,
    lostNote,
    request: () => ({
      format: format.value as ResultFormat,
      withColumns: withColumns.checked,
    }),
    showProgress(share, text = '') {
      progress.hidden = share === undefined;
      // (without a value it only moves)
      if (Number.isNaN(share)) bar.removeAttribute('value');
      else bar.value = share ?? 0;
      setText(barLabel, text);
    },
    showWhether(isThere) {
      nothing.hidden = isThere;
      for (const control of Object.values(ofMixture)) control.disabled = !isThere;
    },
    showCopied(copied) {
      link.textContent = copied ? 'Copied' : 'Copy link';
      // long enough to be read
      if (copied) setTimeout(() => (link.textContent = 'Copy link'), 2500);
    },
  };
}

function group(title: string, children: readonly HTMLElement[]): HTMLElement {
  const heading = made('h3', '', [title]);
  return made('section', 'take-away-group', [heading, ...children]);
}

function button(id: string, text: string): HTMLButtonElement {
  const created = document.createElement('button');
  Object.assign(created, { type: 'button', id, textContent: text });
  return created;
}

function made<K extends keyof HTMLElementTagNameMap>(
  name: K,
  className: string,
  children: readonly (Node | string)[],
): HTMLElementTagNameMap[K] {
  const created = document.createElement(name);
  if (className !== '') created.className = className;
  created.append(...children);
  return created;
}
