import { element, setText } from '../shared/elements.ts';
import { make } from './dom.ts';
import { expectationLines, startLines } from './formula-expectation.ts';
import { maximisationLines } from './formula-maximisation.ts';
import { nameOf } from './half-step.ts';
import type { Walk, WalkState } from './walk.ts';
import { sampleText } from './words.ts';

/** The formula of the half step with the numbers of one sample and one component, which are chosen here too. */
export class Formula {
  readonly #host = element('formula', HTMLElement);
  readonly #title = element('formula-title', HTMLElement);
  readonly #note = element('formula-note', HTMLElement);
  readonly #sample = element('formula-sample', HTMLInputElement);
  readonly #components = element('formula-component', HTMLElement);

  constructor(walk: Walk) {
    walk.subscribe((state) => this.#show(state));
    this.#sample.addEventListener('input', () => {
      const chosen = this.#sample.valueAsNumber - 1;
      const size = walk.state?.lesson.samples.nSamples ?? 0;
      if (Number.isInteger(chosen) && chosen >= 0 && chosen < size) walk.change({ sample: chosen });
    });
    this.#components.addEventListener('change', (event) => {
      walk.change({ component: Number((event.target as HTMLInputElement).value) });
    });
  }

  #show(state: WalkState): void {
    const { lesson, run, index, sample, component } = state;
    const step = run.steps[index];
    this.#sample.max = String(lesson.samples.nSamples);
    if (document.activeElement !== this.#sample) this.#sample.value = String(sample + 1);
    this.#showComponents(lesson.nComponents, component);
    setText(this.#title, `${nameOf(index)} in numbers`);
    const who = sampleText(lesson, sample);
    const lines =
      step.kind === 'start'
        ? startLines(state, step)
        : step.kind === 'e'
          ? expectationLines(state, step)
          : maximisationLines(state, step);
    setText(
      this.#note,
      step.kind === 'start'
        ? `The density of ${who}, and the shares q that are taken before anything is known.`
        : step.kind === 'e'
          ? `How much of ${who} is due to component ${component + 1}.`
          : lesson.samples.nFeatures === 1
            ? `Component ${component + 1} from all samples, each counted by its share q.`
            : `Component ${component + 1} from all samples, each counted by its share q; of the sums, the part of ${who} is written out. In each column, ${lesson.shortNames.join(' stands above ')}.`,
    );
    this.#host.replaceChildren(...lines);
  }

  #showComponents(nComponents: number, component: number): void {
    if (this.#components.childElementCount !== nComponents) {
      this.#components.replaceChildren(
        ...Array.from({ length: nComponents }, (_, k) =>
          make(
            'label',
            {},
            make('input', { type: 'radio', name: 'formula-component', value: k }),
            String(k + 1),
          ),
        ),
      );
    }
    this.#components.querySelectorAll('input').forEach((input, k) => {
      input.checked = k === component;
    });
  }
}
