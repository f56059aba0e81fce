import type { GaussianMixture } from '../../index.ts';
import type { Dataset } from '../../index.ts';
import type { SourceData } from '../data/source-data.ts';
import type { Frame } from '../fit/frame.ts';
import type { Phase } from '../fit/phases.ts';
import type { SessionView } from '../fit/session-view.ts';
import type { Announcer } from '../shared/announcer.ts';
import { percent, plural } from '../shared/format.ts';
import type { ProblemPanel } from '../shared/problem-panel.ts';
import { CodeDialog } from './code-dialog.ts';
import { copyText } from './copy-text.ts';
import { CriteriaTable, worthOf } from './criteria-table.ts';
import type { FittedSource } from './fitted.ts';
import loadModel from './load_model.py?raw';
import { modelJson, readModelFile } from './model-file.ts';
import { programOf } from './program.ts';
import { recipeOf } from './recipe-of.ts';
import { computeResult, resultFile } from './result-file.ts';
import type { ResultRequest } from './result-file.ts';
import { save } from './save.ts';
import { takeAwayForm } from './take-away-form.ts';
import type { TakeAwayForm } from './take-away-form.ts';

export interface TakeAwayParts {
  readonly source: FittedSource;
  readonly problems: ProblemPanel;
  readonly announcer: Announcer;
  /** The page as it is now, as an address. */
  link(): string;
}

/** Files, programs and links of what is shown. */
export class TakeAway implements Partial<SessionView> {
  readonly #parts: TakeAwayParts;
  readonly #form: TakeAwayForm;
  readonly #worth = new CriteriaTable();
  readonly #dialog: CodeDialog;
  #writing: AbortController | undefined;
  #phase: Phase = 'loading';
  #measured: GaussianMixture | undefined;

  constructor(host: HTMLElement, parts: TakeAwayParts) {
    this.#parts = parts;
    this.#form = takeAwayForm();
    host.append(this.#worth.root, this.#form.root);
    this.#dialog = new CodeDialog({
      onCopied: () => parts.announcer.say('Copied.'),
      onSave: (fileName, code) => save(fileName, new Blob([code], { type: 'text/plain' })),
    });
    this.#listen();
  }

  onData(_dataset: Dataset, data: SourceData): void {
    this.#writing?.abort();
    this.#worth.show(undefined);
    this.#form.linkNote.hidden = data.origin.kind !== 'file';
  }

  onFrame({ mixture }: Frame): void {
    if (mixture !== this.#measured) this.#worth.show(undefined);
    if (this.#phase !== 'running' && this.#phase !== 'loading') this.#measureSoon();
  }

  onPhase(phase: Phase): void {
    this.#phase = phase;
    if (phase !== 'running' && phase !== 'loading' && phase !== 'failed') this.#measureSoon();
  }

  #listen(): void {
    const form = this.#form;
    form.labels.addEventListener('click', () => this.#take('labels'));
    form.responsibilities.addEventListener('click', () => this.#take('responsibilities'));
    form.cancel.addEventListener('click', () => this.#writing?.abort());
    form.model.addEventListener('click', () => {
      const { mixture, data } = this.#parts.source;
      if (!mixture || !data) return;
      save(
        `${data.name}-model.json`,
        new Blob([modelJson(mixture, data)], { type: 'application/json' }),
      );
    });
    form.load.addEventListener('click', () => form.file.click());
    form.file.addEventListener('change', () => {
      const [file] = form.file.files ?? [];
      if (file) void this.#read(file);
      // so that the same file again, after mending it, is a change too
      form.file.value = '';
    });
    form.code.addEventListener('click', () => this.#showProgram());
    form.python.addEventListener('click', () => this.#showPython());
    form.link.addEventListener('click', () => void this.#copyLink());
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
    const made = await this.#parts.source.ask(async (fitted) => ({
      fitted,
      result: await computeResult(fitted, request),
    }));
    if (!made) return;
    const { fitted, result } = made;
    const { name, samples } = fitted.data;
    const onProgress = (done: number) => {
      const share = done / samples.nSamples;
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
      if (data) this.#parts.source.choose(await readModelFile(file, data));
    } catch (error) {
      this.#parts.problems.show(`${file.name} cannot be shown here`, error);
    }
  }

  #showProgram(): void {
    const recipe = recipeOf(this.#parts.source);
    if (!recipe) return;
    const shown = {
      title: 'The same model by a program',
      about:
        recipe.data.origin.kind === 'file'
          ? `An ES module for Node 20 and later or a browser. It reads ${recipe.data.origin.fileName} and prints the model as JSON.`
          : 'An ES module for Node 20 and later or a browser. It prints the model as JSON.',
      code: programOf(recipe),
      fileName: 'fit.mjs',
    };
    this.#dialog.show(shown, true);
  }

  #showPython(): void {
    const { mixture, data } = this.#parts.source;
    if (!mixture || !data) return;
    try {
      // says so where scikit-learn has no such covariance
      mixture.toScikitLearn();
    } catch (error) {
      this.#parts.problems.show('scikit-learn cannot load this model', error);
      return;
    }
    this.#dialog.show({
      title: 'The same model in scikit-learn',
      about: `Download the model, and this program loads it: python load_model.py "${data.name}-model.json" samples.csv`,
      code: loadModel,
      fileName: 'load_model.py',
    });
  }

  async #copyLink(): Promise<void> {
    const link = this.#parts.link();
    const copied = await copyText(link);
    this.#form.showCopied(copied);
    if (copied) this.#parts.announcer.say('Copied the link.');
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
      if (!mixture || mixture === this.#measured || this.#phase === 'running') return;
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
          (error: unknown) => problems.show('The criteria could not be computed', error),
        );
    }, REST);
  }
}

/** Milliseconds for which one mixture is shown before it is measured: someone who scrubs passes many. */
const REST = 250;
