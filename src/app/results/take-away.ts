import type { Dataset, GaussianMixture } from '../../index.ts';
import type { SourceData } from '../data/source-data.ts';
import { isOfDevice } from '../fit/device-loss.ts';
import type { Frame } from '../fit/frame.ts';
import type { Phase } from '../fit/phases.ts';
import type { SessionView } from '../fit/session-view.ts';
import type { Announcer } from '../shared/announcer.ts';
import { setText } from '../shared/elements.ts';
import { percent, plural } from '../shared/format.ts';
import type { ProblemPanel } from '../shared/problem-panel.ts';
import type { CodeDialog } from './code-dialog.ts';
import { copyText } from './copy-text.ts';
import { CriteriaTable, worthOf } from './criteria-table.ts';
import type { FittedSource } from './fitted.ts';
import type { ResultRequest } from './result-file.ts';
import { save } from './save.ts';
import { takeAwayForm } from './take-away-form.ts';
import type { TakeAwayForm } from './take-away-form.ts';

const loadCode = () => import('./shown-code.ts');
const loadFiles = () => import('./taken-files.ts');

export interface TakeAwayParts {
  readonly source: FittedSource;
  readonly problems: ProblemPanel;
  readonly announcer: Announcer;
  /** The page as it is now, as an address, and sentences on what that leaves out. */
  link(): { readonly address: string; readonly lacks: readonly string[] };
}

/** Files, programs and links of what is shown. */
export class TakeAway implements Partial<SessionView> {
  readonly #parts: TakeAwayParts;
  readonly #form: TakeAwayForm;
  readonly #worth = new CriteriaTable();
  #dialog: CodeDialog | undefined;
  #writing: AbortController | undefined;
  #phase: Phase = 'loading';
  #measured: GaussianMixture | undefined;

  constructor(host: HTMLElement, parts: TakeAwayParts) {
    this.#parts = parts;
    this.#form = takeAwayForm();
    host.append(this.#worth.root, this.#form.root);
    // what a click needs is there when it comes
    for (const type of ['pointerenter', 'focusin']) {
      host.addEventListener(type, () => void Promise.allSettled([loadCode(), loadFiles()]), {
        once: true,
      });
    }
    this.#listen();
  }

  onData(_dataset: Dataset, data: SourceData): void {
    this.#writing?.abort();
    this.#worth.show(undefined);
    this.#form.rowNote.hidden = data.rows === undefined;
    const { lostColumns = [] } = data;
    this.#form.lostNote.hidden = lostColumns.length === 0;
    const lost = lostColumns.slice(0, 4).join(', ') + (lostColumns.length > 4 ? ', …' : '');
    setText(
      this.#form.lostNote,
      `The columns come without ${lost}: of a column no more than 65,536 different texts are kept. Labels are in the file's order.`,
    );
    this.#form.linkNote.hidden = data.origin.kind !== 'file';
  }

  onFrame({ mixture }: Frame): void {
    this.#form.showWhether(true);
    if (mixture !== this.#measured) this.#worth.show(undefined);
    if (this.#phase !== 'running' && this.#phase !== 'loading') this.#measureSoon();
  }

  onPhase(phase: Phase): void {
    this.#phase = phase;
    if (phase === 'failed' && !this.#parts.source.mixture) {
      this.#worth.show(undefined);
      this.#form.showWhether(false);
    }
    if (phase !== 'running' && phase !== 'loading' && phase !== 'failed') this.#measureSoon();
  }

  #listen(): void {
    const form = this.#form;
    form.labels.addEventListener('click', () => this.#take('labels'));
    form.responsibilities.addEventListener('click', () => this.#take('responsibilities'));
    form.cancel.addEventListener('click', () => this.#writing?.abort());
    form.model.addEventListener('click', () => void this.#saveModel());
    form.load.addEventListener('click', () => form.file.click());
    form.file.addEventListener('change', () => {
      const [file] = form.file.files ?? [];
      if (file) void this.#read(file);
      // so that the same file again, after mending it, is a change too
      form.file.value = '';
    });
    form.code.addEventListener('click', () => void this.#showCode('program', true));
    form.python.addEventListener('click', () => void this.#showCode('python', false));
    form.labelling.addEventListener('click', () => void this.#showCode('labels', false));
    form.link.addEventListener('click', () => void this.#copyLink());
  }

  async #saveModel(): Promise<void> {
    // of the moment of the click
    const { mixture, data } = this.#parts.source;
    if (!mixture || !data) return;
    try {
      const { modelJson } = await loadFiles();
      const file = new Blob([modelJson(mixture, data)], { type: 'application/json' });
      save(`${data.name}-model.json`, file);
    } catch (error) {
      this.#parts.problems.show('The model could not be written', error);
    }
  }

  /** Computes and writes a file; of a large one the progress is shown, and it can be cancelled. */
  #take(what: ResultRequest['what']): void {
    if (this.#writing) return;
    const writing = new AbortController();
    this.#writing = writing;
    this.#write({ what, ...this.#form.request() }, writing.signal)
      .catch((error: unknown) => {
        if (!writing.signal.aborted)
          this.#parts.problems.show(`The ${what} could not be written`, error);
      })
      .finally(() => {
        this.#writing = undefined;
        this.#form.showProgress(undefined);
      });
  }

  async #write(request: ResultRequest, signal: AbortSignal): Promise<void> {
    const { what, format } = request;
    const { computeResult, nRowsOf, resultFile } = await loadFiles();
    // seconds for a million samples on the CPU; of what is there at once nothing is said
    const soon = setTimeout(() => {
      this.#form.showProgress(NaN, `Computing the ${what}`);
      this.#parts.announcer.say(`Computing the ${what}.`);
    }, LONG);
    const made = await this.#parts.source
      .ask(async (fitted) => {
        signal.throwIfAborted();
        return { fitted, result: await computeResult(fitted, request, signal) };
      })
      .finally(() => clearTimeout(soon));
    if (!made) return;
    const { fitted, result } = made;
    const { name, samples } = fitted.data;
    const onProgress = (done: number) => {
      const share = done / nRowsOf(fitted.data, request);
      if (share < 1) this.#form.showProgress(share, `Writing ${what}: ${percent(share)}`);
    };
    const file = await resultFile(fitted, result, request, { signal, onProgress });
    signal.throwIfAborted();
    save(`${name}-${what}.${format}`, file);
    this.#parts.announcer.say(`Saved the ${what} of ${plural(samples.nSamples, 'sample')}.`);
  }

  async #read(file: File): Promise<void> {
    const { data } = this.#parts.source;
    try {
      if (!data) return;
      const { readModelFile } = await loadFiles();
      this.#parts.source.choose(await readModelFile(file, data));
      this.#parts.problems.hide();
    } catch (error) {
      this.#parts.problems.show(`${file.name} cannot be shown here`, error);
    }
  }

  /** @param copy puts it on the clipboard at once */
  async #showCode(make: 'program' | 'python' | 'labels', copy: boolean): Promise<void> {
    const { source, problems, announcer } = this.#parts;
    try {
      const { CodeDialog, labelsShown, programShown, pythonShown } = await loadCode();
      const makers = { program: programShown, python: pythonShown, labels: labelsShown };
      this.#dialog ??= new CodeDialog({
        onCopied: () => announcer.say('Copied.'),
        onSave: (fileName, code) => save(fileName, new Blob([code], { type: 'text/plain' })),
      });
      const shown = makers[make](source);
      if (shown) this.#dialog.show(shown, copy);
    } catch (error) {
      problems.show('The program could not be made', error);
    }
  }

  async #copyLink(): Promise<void> {
    const { address: link, lacks } = this.#parts.link();
    const copied = await copyText(link);
    this.#form.showCopied(copied);
    setText(this.#form.linkLacks, lacks.join(' '));
    this.#form.linkLacks.hidden = lacks.length === 0;
    if (copied) this.#parts.announcer.say(['Copied the link.', ...lacks].join(' '));
    else
      this.#parts.problems.show(
        'The browser does not let the page copy',
        `Copy the address of this page: ${link}`,
      );
  }

  /** Once the page has come to rest on a mixture: the criteria take two passes over the samples. */
  #measureSoon(): void {
    const { source, problems } = this.#parts;
    setTimeout(() => {
      const { mixture } = source;
      const isMoving = this.#phase === 'running' || this.#phase === 'loading';
      if (!mixture || mixture === this.#measured || isMoving) return;
      this.#measured = mixture;
      source
        .ask(async (fitted) =>
          fitted.mixture === mixture ? worthOf(mixture, fitted.dataset, fitted.context) : undefined,
        )
        .then(
          (worth) => {
            if (worth && source.mixture === mixture) this.#worth.show(worth);
            else this.#measured = undefined;
          },
          (error: unknown) => {
            this.#measured = undefined;
            // (the fit goes on with another device, and then this is measured there)
            if (!isOfDevice(error)) problems.show('The criteria could not be computed', error);
          },
        );
    }, REST);
  }
}

/** Milliseconds of computing after which it is said. */
const LONG = 150;
/** Milliseconds for which one mixture is shown before it is measured: someone who scrubs passes many. */
const REST = 250;
