import type { BernoulliMixture } from '../../index.ts';
import { Announcer } from '../shared/announcer.ts';
import { Completer, crossEntropy, meanImage } from './digits-completion.ts';
import type { Completion } from './digits-completion.ts';
import { pixelsOf } from './digits-data.ts';
import type { DigitData } from './digits-data.ts';
import { drawPixels, mix, ramp } from './digits-ink.ts';
import type { Inks } from './digits-ink.ts';
import { hide } from './digits-mask.ts';
import type { Hiding, Mask } from './digits-mask.ts';
import { Painter } from './digits-paint.ts';
import { DigitPicker } from './digits-picker.ts';
import { PosteriorBars, ranked } from './digits-posterior.ts';
import { element, setText } from '../shared/elements.ts';
import { count, percent, plural } from '../shared/format.ts';

/** One digit, a part of it hidden, filled in by the newest mixture. */
export class CompletionView {
  readonly #seen = element('paint', HTMLCanvasElement);
  readonly #completed = element('completed', HTMLCanvasElement);
  readonly #truth = element('truth', HTMLCanvasElement);
  readonly #truthCaption = element('truth-caption', HTMLElement);
  readonly #digitNote = element('digit-note', HTMLElement);
  readonly #note = element('completion-note', HTMLElement);
  readonly #bars = new PosteriorBars();
  readonly #announcer = new Announcer(element('completion-live', HTMLElement));
  readonly #picker = new DigitPicker((index) => this.#pick(index));
  readonly #painter = new Painter((mask) => this.#setMask(mask));
  readonly #completer: Completer;
  readonly #onPosterior: (responsibilities: ArrayLike<number>) => void;
  #inks: Inks;
  #data: DigitData | undefined;
  #pixels: Uint8Array = new Uint8Array(0);
  #hidden: Mask = new Uint8Array(0);
  #mixture: BernoulliMixture | undefined;
  #completion: Completion | undefined;
  /** Whether the next completion answers the user, and not only the fit: then it is said aloud. */
  #asked = false;

  constructor(
    inks: Inks,
    onPosterior: (responsibilities: ArrayLike<number>) => void,
    onError: (error: unknown) => void,
  ) {
    this.#inks = inks;
    this.#onPosterior = onPosterior;
    this.#completer = new Completer((completion) => this.#show(completion), onError);
    element('hide', HTMLElement).addEventListener('click', ({ target }) => {
      const hiding = target instanceof HTMLElement ? target.dataset['hide'] : undefined;
      if (hiding !== undefined && this.#data) this.#hide(hiding as Hiding, this.#data);
    });
  }

  /** Takes other digits; no mixture of theirs is there yet. */
  showData(data: DigitData): void {
    this.showMixture(undefined);
    this.#data = data;
    this.#picker.show(data.test);
    this.#hidden = hide('bottom', data.rows, data.columns);
    this.#pick(0);
  }

  /** Completes by this mixture from now on; undefined: by none. */
  showMixture(mixture: BernoulliMixture | undefined): void {
    this.#mixture = mixture;
    if (mixture) return this.#complete();
    this.#completer.cancel();
    this.#completion = undefined;
    this.#bars.clear();
    this.#draw();
  }

  restyle(inks: Inks): void {
    this.#inks = inks;
    this.#draw();
  }

  #pick(index: number): void {
    const { test } = this.#data!;
    this.#pixels = pixelsOf(test, index);
    const label = test.labels?.[index];
    setText(
      this.#digitNote,
      `Number ${count(index + 1)} of ${count(test.nSamples)} that the fit has not seen`,
    );
    setText(this.#truthCaption, label === undefined ? 'The digit' : `The digit: a ${label}`);
    this.#drawTruth();
    this.#setMask(this.#hidden);
  }

  #hide(hiding: Hiding, { rows, columns }: DigitData): void {
    this.#setMask(hide(hiding, rows, columns));
  }

  #setMask(hidden: Mask): void {
    this.#hidden = hidden;
    this.#asked = true;
    this.#painter.show(hidden, this.#data!.rows, this.#data!.columns);
    this.#drawSeen();
    this.#complete();
  }

  #complete(): void {
    if (!this.#mixture || !this.#data) return this.#draw();
    const [pixels, hidden] = [this.#pixels, this.#hidden];
    this.#completer.complete({ mixture: this.#mixture, pixels, hidden });
  }

  #show(completion: Completion): void {
    this.#completion = completion;
    this.#draw();
    this.#describe(completion);
    this.#onPosterior(completion.responsibilities);
  }

  #draw(): void {
    if (!this.#data) return;
    const { rows, columns } = this.#data;
    const { paper, ink, filled } = this.#inks;
    this.#drawSeen();
    this.#drawTruth();
    const completion = this.#completion;
    if (!completion) {
      drawPixels(this.#completed, rows, columns, () => paper);
      return;
    }
    const { hidden, filled: values, mixture, responsibilities } = completion;
    const [asSeen, asFilled] = [ramp(paper, ink), ramp(paper, filled)];
    drawPixels(this.#completed, rows, columns, (d) =>
      hidden[d] === 1 ? asFilled(values[d]) : asSeen(values[d]),
    );
    this.#bars.show(mixture, responsibilities, rows, columns, this.#inks);
  }

  #drawTruth(): void {
    if (!this.#data) return;
    const { rows, columns } = this.#data;
    const { paper, ink } = this.#inks;
    drawPixels(this.#truth, rows, columns, (d) => (this.#pixels[d] === 1 ? ink : paper));
  }

  /** What is hidden is hatched, so that it is told from blank paper without colour too. */
  #drawSeen(): void {
    if (!this.#data) return;
    const { rows, columns } = this.#data;
    const { paper, ink, filled } = this.#inks;
    const [light, dark] = [mix(paper, filled, 0.16), mix(paper, filled, 0.34)];
    drawPixels(this.#seen, rows, columns, (d) => {
      if (this.#hidden[d] === 0) return this.#pixels[d] === 1 ? ink : paper;
      return (Math.floor(d / columns) + (d % columns)) % 4 < 2 ? light : dark;
    });
  }

  #describe({ hidden, pixels, filled, mixture, responsibilities }: Completion): void {
    const nHidden = hidden.reduce((sum, isHidden) => sum + isHidden, 0);
    const [first] = ranked(responsibilities);
    const likeliest = `Component ${first} is likeliest, ${percent(responsibilities[first])}.`;
    if (nHidden === 0) {
      setText(this.#note, 'Nothing is hidden: press a button above, or paint over the digit.');
    } else {
      const [cost, meanCost] = [filled, meanImage(mixture)].map((predicted) =>
        crossEntropy(predicted, pixels, hidden),
      );
      setText(
        this.#note,
        `${plural(nHidden, 'pixel')} hidden. The truth costs ${nats(cost)} a hidden pixel by this prediction, ${nats(meanCost)} by the mean of all digits: less is better.`,
      );
    }
    this.#completed.setAttribute(
      'aria-label',
      `The digit filled in: ${plural(nHidden, 'pixel')} predicted, the others as seen. ${likeliest}`,
    );
    this.#seen.setAttribute(
      'aria-label',
      `What is seen of the digit: ${plural(nHidden, 'pixel')} hidden`,
    );
    if (!this.#asked) return;
    this.#asked = false;
    const title = this.#truthCaption.textContent;
    const filledIn = nHidden === 0 ? 'Nothing is hidden' : `${plural(nHidden, 'pixel')} filled in`;
    this.#announcer.say(`${title}. ${filledIn}. ${likeliest}`);
  }
}

function nats(value: number): string {
  return Number.isFinite(value) ? `${value.toFixed(3)} nats` : 'infinitely many nats';
}
