import './data-panel.css';
import { build } from '../shared/build.ts';
import { element } from '../shared/elements.ts';
import { count, plural } from '../shared/format.ts';
import { assemble } from './assemble.ts';
import { choiceOf, clearChoice, unclearColumns } from './choice.ts';
import type { Choice } from './choice.ts';
import type { ColumnDialog } from './column-dialog.ts';
import { DataMenu } from './data-menu.ts';
import { builtIn, builtIns } from './data-sources.ts';
import type { OddDialog } from './odd-dialog.ts';
import { acceptFiles, acceptPastes } from './file-drop.ts';
import type { Progress } from './read-tables.ts';
import { ReaderClient } from './reader-client.ts';
import { progressText, ReadingStrip } from './reading-strip.ts';
import type { SourceData } from './source-data.ts';
import { fileSource, mixtureData, ownFiles, ownText, ownUrl } from './sources.ts';
import type { TableSource, Wanted } from './sources.ts';
import type { Table } from './table.ts';

export interface DataPanelOptions {
  readonly kind: 'hardware' | 'software' | 'cpu';
  /**
   * Samples to fit. `again`: of the source that was fitted before, with more of its rows or other columns, so that what the visitor set
   * for it stays.
   */
  onData(data: SourceData, again: boolean): void;
  /** Nothing is changed by what failed. */
  onError(title: string, error: unknown): void;
  /** Something is being read, "Reading flowers"; undefined: no longer. */
  readonly onReading: (title: string | undefined) => void;
  /** A sentence on how far a reading is. */
  onProgressText(text: string): void;
}

const ACCEPTED =
  '.csv,.tsv,.txt,.dat,.data,.gz,.parquet,.arrow,.feather,.ipc,.npy,.npz,.idx,.ubyte,text/csv';

/** What is fitted: a source with its table and the choice of its columns; of the synthetic mixture neither. */
interface Shown {
  readonly id: string;
  readonly label: string;
  readonly source: TableSource | undefined;
  readonly table: Table | undefined;
  readonly choice: Choice | undefined;
}

/** The panel "Data": the menu, the ways to bring one's own, the reading under way, and the choice of columns. */
export class DataPanel {
  readonly #options: DataPanelOptions;
  readonly #client = new ReaderClient();
  readonly #menu: DataMenu;
  readonly #strip = new ReadingStrip(() => this.#cancel());
  readonly #summary = build('span', { id: 'columns-summary' });
  readonly #fields = build('div', { class: 'wide fields', hidden: true });
  /** The visitor's own, by their ids in the menu. A file is read again from the disk. */
  readonly #own = new Map<string, TableSource>();
  #shown: Shown | undefined;
  #expected: Wanted = {};
  #dialog: ColumnDialog | undefined;
  #question: OddDialog | undefined;
  /** Counts what was asked for, so that what comes late for an older one is known. */
  #asked = 0;
  /** Counts what was to be fitted, likewise. */
  #taken = 0;
  /** The table that was taken last: of a long file first its beginning, then all. */
  #newest: { readonly id: string; readonly table: Table } | undefined;

  constructor(options: DataPanelOptions) {
    this.#options = options;
    this.#strip.onReading = options.onReading;
    this.#menu = new DataMenu(builtIns(options.kind), (id) => this.open(id));
    this.#build();
    const open = (files: readonly File[]) => this.#openOwn(ownFiles(files));
    acceptFiles(open);
    acceptPastes(open, (text) => this.#takeText(text));
  }

  /**
   * Reads a data set of the menu by its id, or a file by its address, and begins its fit.
   * @param wanted columns by name, whether standardised, and what of rows with missing values; default: what suits the data
   */
  open(idOrUrl: string, wanted: Wanted = {}): void {
    const entry = builtIn(idOrUrl, this.#options.kind);
    const own = this.#own.get(idOrUrl);
    if (own) void this.#read(own, wanted);
    else if (!entry) this.#openOwn(ownUrl(idOrUrl), wanted);
    else if ('url' in entry) void this.#read(fileSource(entry), wanted);
    else void this.#draw(entry.id, entry.label, entry.nSamples);
  }

  /** What is chosen of the columns shown, and what would be by itself; undefined where there is nothing to choose from. */
  get choice(): { readonly now: Choice; readonly usual: readonly string[] } | undefined {
    const { source, table, choice } = this.#shown ?? {};
    if (!source || !table || !choice) return undefined;
    const { columns } = choiceOf(table, source.wanted);
    return { now: choice, usual: columns.map((c) => table.columns[c].name) };
  }

  /** Fits the columns shown without this one. */
  leaveOut(name: string): void {
    this.#chooseAnew(({ columns, ...rest }, table) => ({
      ...rest,
      columns: columns.filter((c) => table.columns[c].name !== name),
    }));
  }

  /** Fits z-scores of the columns shown. */
  standardise(): void {
    this.#chooseAnew((choice) => ({ ...choice, standardise: true }));
  }

  #chooseAnew(change: (choice: Choice, table: Table) => Choice): void {
    const shown = this.#shown;
    if (!shown?.source || !shown.table || !shown.choice) return;
    const { source, table, choice } = shown;
    void this.#attempt(shown.label, () =>
      this.#take({ ...shown, source, table, choice: change(choice, table) }, true),
    );
  }

  async #draw(id: string, label: string, nSamples: number): Promise<void> {
    const asked = this.#begin(`Drawing ${label}`, nSamples > 2e6);
    try {
      const samples = await this.#client.generate(nSamples, 1);
      if (asked !== this.#asked) return;
      this.#show({ id, label, source: undefined, table: undefined, choice: undefined });
      this.#options.onData(mixtureData(id, samples), false);
    } catch (error) {
      this.#fail(error, asked, label);
    } finally {
      this.#end(asked);
    }
  }

  async #read(source: TableSource, wanted: Wanted): Promise<void> {
    const asked = this.#begin(`Reading ${source.label}`, source.isOwn);
    /** Of the first rows, as long as the visitor makes no other. */
    let first: Choice | undefined;
    let isPart = false;
    let last: Progress | undefined;
    const wantedOf = (table: Table) => choiceOf(table, { ...source.wanted, ...wanted });
    const take = (table: Table, choice: Choice) =>
      this.#take({ ...source, source, table, choice }, first !== undefined);
    try {
      const table = await this.#client.read(source.inputs, {
        onProgress: (progress) => {
          last = progress;
          this.#strip.show(progress);
          this.#options.onProgressText(progressText(progress));
        },
        onFirst: (rows) =>
          void this.#attempt(source.label, async () => {
            // columns with cells that hold no number wait until all of these are known
            const table = source.named(rows);
            const all = wantedOf(table);
            const choice = clearChoice(table, all);
            if (choice.columns.length === 0) return;
            isPart = choice.columns.length < all.columns.length;
            if (await take(table, choice)) first = choice;
          }),
        onEstimate: (estimate) => this.#strip.ask(estimate),
      });
      if (asked !== this.#asked) return;
      const named = source.named(table);
      // while the rest was read the visitor may have chosen other columns
      const now = first && this.#shown?.choice;
      const isOwn = now !== undefined && (now !== first || !isPart);
      await this.#settle(source, named, isOwn ? now : wantedOf(named), asked, (choice) =>
        take(named, choice),
      );
      if (last && source.isOwn) this.#options.onProgressText(`Read: ${progressText(last)}`);
    } catch (error) {
      this.#fail(error, asked, source.label);
    } finally {
      this.#end(asked);
    }
  }

  /** Fits what is wanted of a table, if need be after asking what its cells without a number are. */
  async #settle(
    source: TableSource,
    table: Table,
    wanted: Choice,
    asked: number,
    take: (choice: Choice) => Promise<boolean>,
  ): Promise<unknown> {
    // (with all its rows known a column of numbers may have become one of text)
    const all = clearChoice(table, { ...wanted, odd: 'missing' });
    const choice = { ...wanted, columns: all.columns };
    const unclear = unclearColumns(table, choice);
    if (unclear.length === 0) return take(choice);
    this.#end(asked);
    const { OddDialog } = await import('./odd-dialog.ts');
    if (asked !== this.#asked) return;
    const nOthers = choice.columns.length - unclear.length;
    this.#question = new OddDialog(source.label, unclear, nOthers);
    const answer = await this.#question.answer;
    if (asked !== this.#asked) return;
    if (answer === 'missing') return take({ ...choice, odd: 'missing' });
    if (answer === 'without') return take(clearChoice(table, choice));
    throw new DOMException('The visitor keeps what is shown.', 'AbortError');
  }

  /** The visitor's next file is read as this says: a link asked for it and could not bring the file. */
  expectFile(wanted: Wanted): void {
    this.#expected = wanted;
  }

  #openOwn(source: TableSource, wanted: Wanted = this.#expected): void {
    this.#expected = {};
    this.#own.set(source.id, source);
    void this.#read(source, wanted);
  }

  #takeText(text: string): void {
    const trimmed = text.trim();
    if (/^https?:\/\/\S+$/.test(trimmed)) this.#askForAddress(trimmed);
    else this.#openOwn(ownText(text));
  }

  #askForAddress(address: string): void {
    this.#lazily(import('./text-dialog.ts'), ({ askForAddress }) =>
      askForAddress(address, (url) => this.#openOwn(ownUrl(url))),
    );
  }

  /** Fits these columns, where they can be. The menu and the panel follow. @returns whether nothing else was asked for meanwhile */
  async #take(
    shown: Shown & { source: TableSource; table: Table; choice: Choice },
    again: boolean,
  ): Promise<boolean> {
    const [asked, taken] = [this.#asked, ++this.#taken];
    this.#newest = shown;
    const data = await assemble(shown.table, shown.choice, shown.source);
    if (asked !== this.#asked || taken !== this.#taken) return false;
    this.#show(shown);
    this.#options.onData(data, again);
    return true;
  }

  #show(shown: Shown): void {
    const isSame =
      shown.id === this.#shown?.id &&
      shown.table?.columns.length === this.#shown.table?.columns.length;
    // a dialog on columns that are gone
    if (!isSame) this.#dialog?.close();
    this.#shown = shown;
    this.#menu.choose(shown.id, shown.label);
    this.#fields.hidden = !shown.table || !shown.choice;
    if (!shown.table || !shown.choice) return;
    const { columns, standardise } = shown.choice;
    const fitted = `${count(columns.length)} of ${plural(shown.table.columns.length, 'column')} fitted`;
    this.#summary.textContent = standardise ? `${fitted}, standardised` : fitted;
  }

  #chooseColumns(): void {
    const shown = this.#shown;
    if (!shown?.table || !shown.choice || !shown.source) return;
    const { table, choice, source, label } = shown;
    this.#lazily(import('./column-dialog.ts'), ({ ColumnDialog }) => {
      this.#dialog = new ColumnDialog(label, table, choice, (chosen) => {
        // more rows may have come meanwhile
        const now = this.#newest?.id === shown.id ? this.#newest.table : table;
        const { columns } = clearChoice(now, { ...chosen, odd: 'missing' });
        void this.#attempt(label, () =>
          this.#take({ ...shown, source, table: now, choice: { ...chosen, columns } }, true),
        );
      });
    });
  }

  async #attempt(label: string, action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#options.onError(`${label} cannot be fitted so`, error);
    }
  }

  #lazily<T>(part: Promise<T>, use: (part: T) => void): void {
    part.then(use, (error: unknown) =>
      this.#options.onError('A part of the page could not be loaded', error),
    );
  }

  #begin(title: string, isShown: boolean): number {
    this.#client.cancel();
    this.#question?.close();
    if (isShown) {
      this.#strip.begin(title);
      this.#options.onProgressText(title);
    }
    return ++this.#asked;
  }

  #end(asked: number): void {
    if (asked === this.#asked) this.#strip.end();
  }

  #cancel(): void {
    this.#client.cancel();
    this.#options.onProgressText('Reading cancelled; what was shown stays');
  }

  #fail(error: unknown, asked: number, label: string): void {
    if (asked !== this.#asked) return;
    // what is shown is what the menu says
    if (this.#shown) this.#menu.choose(this.#shown.id, this.#shown.label);
    if (error instanceof DOMException && error.name === 'AbortError') return;
    this.#options.onError(`${label} cannot be read`, error);
  }

  #build(): void {
    const input = build('input', {
      type: 'file',
      id: 'file',
      multiple: true,
      accept: ACCEPTED,
      class: 'visually-hidden',
    });
    input.tabIndex = -1;
    input.setAttribute('aria-label', 'Files to fit');
    const button = (id: string, text: string, onClick: () => void) => {
      const made = build('button', { type: 'button', id }, text);
      made.addEventListener('click', onClick);
      return made;
    };
    this.#fields.append(
      this.#summary,
      button('choose-columns', 'Columns…', () => this.#chooseColumns()),
    );
    element('data-panel', HTMLElement).replaceChildren(
      build('label', { class: 'wide' }, 'Data', this.#menu.select),
      this.#fields,
      build(
        'div',
        { class: 'wide ways', role: 'group', 'aria-label': 'Your own data' },
        input,
        button('choose-file', 'Choose files', () => input.click()),
        button('paste', 'Paste', () =>
          this.#lazily(import('./text-dialog.ts'), ({ askForPaste }) =>
            askForPaste((text) => this.#takeText(text)),
          ),
        ),
        button('address', 'Address', () => this.#askForAddress('')),
      ),
      build(
        'p',
        { class: 'wide note' },
        'Or drop them anywhere: CSV, TSV, Parquet, Arrow, Feather, npy, npz, IDX. ',
        build('strong', {}, 'Your data never leaves this browser.'),
      ),
      this.#strip.element,
    );
  }
}
