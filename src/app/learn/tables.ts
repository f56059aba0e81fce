import { element } from '../shared/elements.ts';
import { css, pointColour } from '../shared/palette.ts';
import { make } from './dom.ts';
import { nameOf } from './half-step.ts';
import type { HalfStep } from './half-step.ts';
import { boundText, rounded, written } from './numbers.ts';
import { cleaned } from './sentence.ts';
import type { Walk, WalkState } from './walk.ts';

/** Symbol, feature where there are several, and value for a component. */
type Column = [string, string, (at: HalfStep, k: number) => number];

/** All numbers of the half step, those that changed in it set off; and all half steps up to the furthest one seen. */
export class Tables {
  readonly #walk: Walk;
  readonly #isDark: () => boolean;
  readonly #all = element('all-digits', HTMLInputElement);
  readonly #samples = element('sample-table', HTMLTableElement);
  readonly #components = element('component-table', HTMLTableElement);
  readonly #steps = element('step-table', HTMLTableElement);

  constructor(walk: Walk, isDark: () => boolean) {
    this.#walk = walk;
    this.#isDark = isDark;
    walk.subscribe((state, before) => {
      this.draw();
      if (state.sample !== before?.sample) this.#reveal(this.#samples, state.sample);
      if (state.index !== before?.index) this.#reveal(this.#steps, state.index);
    });
    this.#all.addEventListener('change', () => this.draw());
    this.#samples.addEventListener('click', (event) => {
      const button = (event.target as Element).closest('button');
      if (button) walk.change({ sample: Number(button.value) });
    });
    this.#steps.closest('details')!.addEventListener('toggle', () => {
      if (walk.state) this.#reveal(this.#steps, walk.state.index);
    });
    this.#steps.addEventListener('click', (event) => {
      const button = (event.target as Element).closest('button');
      if (button) walk.goTo(Number(button.value));
    });
  }

  draw(): void {
    const { state } = this.#walk;
    if (!state) return;
    this.#drawSamples(state);
    this.#drawComponents(state);
    this.#drawSteps(state);
  }

  #drawSamples({ lesson, run, index, sample }: WalkState): void {
    const step = run.steps[index];
    const before = run.steps[index - 1];
    const { nComponents, samples } = lesson;
    const { data, nSamples, nFeatures } = samples;
    const ks = Array.from({ length: nComponents }, (_, k) => k);
    const names = lesson.shortNames;
    const head = [
      make('th', { scope: 'col' }, 'Sample'),
      ...names.map((name) => make('th', { scope: 'col' }, name)),
      ...ks.map((k) =>
        make('th', { scope: 'col' }, this.#swatch(k), 'q', make('sub', {}, `n,${k + 1}`)),
      ),
      make('th', { scope: 'col' }, 'Shares'),
    ];
    const focused = this.#samples.contains(document.activeElement)
      ? (document.activeElement as HTMLButtonElement).value
      : undefined;
    const rows = Array.from({ length: nSamples }, (_, n) => {
      const at = n * nComponents;
      const chosen = n === sample;
      return make(
        'tr',
        { class: chosen && 'chosen' },
        make(
          'th',
          { scope: 'row' },
          make(
            'button',
            {
              type: 'button',
              class: 'pick',
              value: n,
              'aria-pressed': String(chosen),
              'aria-label': `Sample ${n + 1}`,
            },
            String(n + 1),
          ),
        ),
        ...Array.from(data.subarray(n * nFeatures, (n + 1) * nFeatures), (value) =>
          make(
            'td',
            {},
            written(value, nFeatures === 1 || this.#all.checked).replace(/\.0000$/, ''),
          ),
        ),
        ...ks.map((k) =>
          this.#cell(step.responsibilities[at + k], before?.responsibilities[at + k]),
        ),
        make(
          'td',
          { class: 'bar-cell' },
          this.#bar(step.responsibilities.subarray(at, at + nComponents)),
        ),
      );
    });
    const foot = make(
      'tr',
      { class: 'total' },
      make('th', { scope: 'row' }, 'N', make('sub', {}, 'k'), ' = sum'),
      ...names.map(() => make('td')),
      ...ks.map((k) => this.#cell(step.componentMass[k], before?.componentMass[k])),
      make('td'),
    );
    this.#fill(this.#samples, head, [...rows, foot]);
    if (focused !== undefined) {
      this.#samples
        .querySelector<HTMLButtonElement>(`button[value="${focused}"]`)
        ?.focus({ preventScroll: true });
    }
  }

  #drawComponents({ lesson, run, index }: WalkState): void {
    const step = run.steps[index];
    const before = run.steps[index - 1];
    const { nFeatures } = lesson.samples;
    const names = lesson.shortNames;
    const columns: Column[] =
      nFeatures === 1
        ? [
            ['π', '', ({ weights }, k) => weights[k]],
            ['μ', '', ({ means }, k) => means[k]],
            ['σ', '', ({ covariances }, k) => Math.sqrt(covariances[k])],
          ]
        : [
            ['π', '', ({ weights }, k) => weights[k]],
            ...names.map((name, d): Column => ['μ', name, ({ means }, k) => means[2 * k + d]]),
            ...names.map((name, d): Column => [
              'σ',
              name,
              ({ covariances }, k) => Math.sqrt(covariances[4 * k + 3 * d]),
            ]),
            [
              'ρ',
              '',
              ({ covariances }, k) =>
                covariances[4 * k + 1] / Math.sqrt(covariances[4 * k] * covariances[4 * k + 3]),
            ],
          ];
    this.#fill(
      this.#components,
      [
        make('th', { scope: 'col' }, 'Component'),
        ...columns.map(([symbol, feature]) =>
          make('th', { scope: 'col' }, symbol, feature && ' ', make('sub', {}, feature)),
        ),
      ],
      Array.from(step.weights, (_, k) =>
        make(
          'tr',
          {},
          make('th', { scope: 'row' }, this.#swatch(k), String(k + 1)),
          ...columns.map(([, , read]) =>
            this.#cell(this.#clean(read(step, k)), before && this.#clean(read(before, k))),
          ),
        ),
      ),
    );
  }

  #drawSteps({ lesson, run, index, reached }: WalkState): void {
    const rows = run.steps.slice(0, reached + 1).map((step) =>
      make(
        'tr',
        { class: step.index === index && 'chosen' },
        make(
          'th',
          { scope: 'row' },
          make(
            'button',
            {
              type: 'button',
              class: 'pick wide',
              value: step.index,
              'aria-pressed': String(step.index === index),
            },
            nameOf(step.index),
          ),
        ),
        make('td', {}, boundText(step.logLikelihood, this.#all.checked)),
        make('td', {}, boundText(step.lowerBound, this.#all.checked)),
        make('td', {}, written(cleaned(step.divergence, step.logLikelihood), this.#all.checked)),
        ...Array.from(step.means, (mean) =>
          make('td', {}, written(this.#clean(mean), this.#all.checked)),
        ),
      ),
    );
    const focused = this.#steps.contains(document.activeElement)
      ? (document.activeElement as HTMLButtonElement).value
      : undefined;
    const means = Array.from(run.steps[0].means, (_, i) => {
      const { nFeatures } = lesson.samples;
      const feature = nFeatures === 1 ? '' : `, ${lesson.shortNames[i % nFeatures]}`;
      const name = `${Math.floor(i / nFeatures) + 1}${feature}`;
      return make('th', { scope: 'col' }, 'μ', make('sub', {}, name));
    });
    this.#fill(
      this.#steps,
      [
        make('th', { scope: 'col' }, 'Half step'),
        ...['ln p', 'L', 'KL'].map((name) => make('th', { scope: 'col' }, name)),
        ...means,
      ],
      rows,
    );
    if (focused !== undefined) {
      this.#steps
        .querySelector<HTMLButtonElement>(`button[value="${focused}"]`)
        ?.focus({ preventScroll: true });
    }
  }

  /** Without what rounding makes of 0, unless all digits are asked for. */
  #clean(value: number): number {
    return this.#all.checked ? value : rounded(value);
  }

  /** A number, set off where its digits are others than before. */
  #cell(value: number, before: number | undefined): HTMLTableCellElement {
    const text = written(value, this.#all.checked);
    const changed = before !== undefined && written(before, this.#all.checked) !== text;
    return make('td', { class: changed && 'changed' }, text);
  }

  #bar(shares: Float64Array): HTMLElement {
    const parts = Array.from(shares, (share, k) => {
      const part = make('span', { class: 'part' });
      part.style.width = `${100 * share}%`;
      part.style.background = css(pointColour(k, this.#isDark()));
      return part;
    });
    return make('span', { class: 'shares', 'aria-hidden': 'true' }, ...parts);
  }

  #swatch(k: number): HTMLElement {
    const swatch = make('span', { class: 'swatch', 'aria-hidden': 'true' });
    swatch.style.background = css(pointColour(k, this.#isDark()));
    return swatch;
  }

  #fill(table: HTMLTableElement, head: HTMLElement[], rows: HTMLElement[]): void {
    table.tHead!.replaceChildren(make('tr', {}, ...head));
    table.tBodies[0].replaceChildren(...rows);
  }

  /** Scrolls that row into its table's box, and nothing else. */
  #reveal(table: HTMLTableElement, index: number): void {
    const box = table.parentElement!;
    const chosen = table.tBodies[0].rows[index];
    if (!chosen) return;
    const above = chosen.offsetTop - box.clientHeight / 2;
    box.scrollTop = Math.max(0, above);
  }
}
