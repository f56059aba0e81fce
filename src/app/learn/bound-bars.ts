import { element } from '../shared/elements.ts';
import { svg } from '../shared/svg.ts';
import { boundScale, hatching } from './bound-scale.ts';
import { nameOf } from './half-step.ts';
import { Glide } from './shown.ts';
import type { Shown } from './shown.ts';
import type { Walk, WalkState } from './walk.ts';

/** Half steps side by side; more would make an iteration's gain too small to see. */
const BARS = 4;

/** The newest half steps as bars: L from below, KL on top of it, up to ln p. */
export class BoundBars {
  readonly #host = element('bound-bars', SVGSVGElement);
  readonly #walk: Walk;
  readonly #glide = new Glide((shown) => this.#draw(shown));
  #shown: Shown | undefined;

  constructor(walk: Walk) {
    this.#walk = walk;
    walk.subscribe((state, before) => this.#show(state, before));
    new ResizeObserver(() => {
      if (this.#shown) this.#draw(this.#shown);
    }).observe(this.#host);
    this.#host.addEventListener('click', (event) => {
      const index = (event.target as Element).closest('[data-step]')?.getAttribute('data-step');
      if (index) walk.goTo(Number(index));
    });
  }

  #show(state: WalkState, before: WalkState | undefined): void {
    if (state.run === before?.run && state.index === before.index) return;
    const step = state.run.steps[state.index];
    const forward = before?.run === state.run && before.index === state.index - 1;
    // the new bar grows out of the one before it
    if (forward) this.#glide.jump(state.run.steps[state.index - 1]);
    if (forward) this.#glide.to(step);
    else this.#glide.jump(step);
  }

  #draw(shown: Shown): void {
    const { state } = this.#walk;
    this.#shown = shown;
    const { clientWidth: width, clientHeight: height } = this.#host;
    if (!state || width === 0) return;
    const { steps } = state.run;
    const first = Math.max(0, Math.min(state.index - BARS + 1, steps.length - BARS));
    const bars = steps.slice(first, Math.max(state.index + 1, 0));
    const now = steps[state.index];
    const scale = boundScale(bars, now, { width, top: 10, bottom: height - 26 });
    const slot = (scale.right - scale.left) / BARS;
    const marks = bars.flatMap((step, i) => {
      const current = step === now;
      const { lowerBound, logLikelihood } = current ? shown : step;
      const x = scale.left + slot * i + slot * 0.14;
      const barWidth = slot * 0.72;
      const top = scale.y(logLikelihood);
      const middle = Math.max(top, scale.y(lowerBound));
      const parts = [
        svg('rect', {
          class: 'bar-bound',
          x,
          y: middle,
          width: barWidth,
          height: Math.max(0, scale.bottom - middle),
        }),
        svg('rect', { class: 'bar-gap', x, y: top, width: barWidth, height: middle - top }),
        svg('path', { class: 'bar-top', d: `M${x} ${top.toFixed(2)}h${barWidth}` }),
        svg(
          'text',
          { class: 'bar-name', x: x + barWidth / 2, y: scale.bottom + 18, 'text-anchor': 'middle' },
          [shortName(step.index)],
        ),
      ];
      if (middle - top > 18)
        parts.push(label('KL', x + barWidth / 2, (top + middle) / 2 + 4, 'gap-label'));
      if (scale.bottom - middle > 18) {
        parts.push(label('L', x + barWidth / 2, (middle + scale.bottom) / 2 + 4, 'bound-label'));
      }
      return [
        svg('g', { class: current ? 'bar current' : 'bar', 'data-step': String(step.index) }, [
          ...parts,
          svg('rect', { class: 'hit', x: x - slot * 0.14, y: 0, width: slot, height }),
        ]),
      ];
    });
    this.#host.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.#host.replaceChildren(hatching('bars-gap'), ...scale.grid, ...marks);
    this.#host.setAttribute(
      'aria-label',
      `ln p as L plus KL for ${bars.map(({ index }) => nameOf(index)).join(', ')}; the numbers are in the table beside it.`,
    );
  }
}

export function shortName(index: number): string {
  return nameOf(index).replace('-step', '');
}

function label(text: string, x: number, y: number, name: string): SVGElement {
  return svg('text', { class: name, x, y, 'text-anchor': 'middle' }, [text]);
}
