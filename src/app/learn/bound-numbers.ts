import { element, setText } from '../shared/elements.ts';
import { make } from './dom.ts';
import { boundText, changeText } from './numbers.ts';
import { lawOf } from './sentence-hard.ts';
import { cleaned } from './sentence.ts';
import type { Walk, WalkState } from './walk.ts';

/** The three terms of the bound at the half step, and how each changed in it. */
export class BoundNumbers {
  readonly #body = element('bound-numbers', HTMLTableSectionElement);
  readonly #law = element('bound-law', HTMLElement);
  readonly #all = element('all-digits', HTMLInputElement);

  constructor(walk: Walk) {
    const show = () => {
      if (walk.state) this.#show(walk.state);
    };
    walk.subscribe(show);
    this.#all.addEventListener('change', show);
  }

  #show({ run, index, assignment }: WalkState): void {
    setText(this.#law, lawOf(assignment));
    const step = run.steps[index];
    const before = run.steps[index - 1];
    const rows = [
      ['ln p(X | θ)', 'logLikelihood'],
      ['L(q, θ)', 'lowerBound'],
      ['KL', 'divergence'],
    ] as const;
    this.#body.replaceChildren(
      ...rows.map(([name, key]) => {
        const value = key === 'divergence' ? cleaned(step[key], step.logLikelihood) : step[key];
        const change =
          before === undefined ? '–' : changeText(step[key] - before[key], step.logLikelihood);
        const changed = before !== undefined && change !== '0';
        return make(
          'tr',
          { 'data-term': key },
          make('th', { scope: 'row' }, make('span', { class: `key key-${key}` }), name),
          make(
            'td',
            { class: changed && 'changed' },
            key === 'divergence' && value !== 0 && value < 1e-4 && !this.#all.checked
              ? value.toExponential(3).replaceAll('-', '−')
              : boundText(value, this.#all.checked),
          ),
          make('td', {}, change),
        );
      }),
    );
  }
}
