import { element } from '../shared/elements.ts';
import { drawnSize } from '../shared/text-scale.ts';
import { svg } from '../shared/svg.ts';
import { barMarks, text } from './bar-marks.ts';
import type { BarPlace } from './bar-marks.ts';
import { lensMarks, lensOf, zoomText } from './bound-lens.ts';
import { boundScale, hatching } from './bound-scale.ts';
import { rounded } from './numbers.ts';
import { nameOf } from './half-step.ts';
import { Glide } from './shown.ts';
import type { Shown } from './shown.ts';
import type { Walk, WalkState } from './walk.ts';

/** Half steps side by side; more would make an iteration's gain too small to see. */
const BARS = 3;
/** Pixels below which (large letters on a phone) the bars have all of them: beside an inset no bar would have a width. */
const LEAST_WITH_INSET = 230;

/** The newest half steps as bars: L from below, KL on top of it, up to ln p; beside them, in a frame of its own, the top of the newest one magnified. */
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
    const { width, height } = drawnSize(this.#host);
    if (!state || width === 0) return;
    const { steps } = state.run;
    const { index } = state;
    const bars = steps.slice(Math.max(0, index - BARS + 1), index + 1);
    const now = steps[index];
    // the rest is the inset's, whether there is one or not, so that the bars keep their places; its title needs 118
    const hasInset = width >= LEAST_WITH_INSET;
    const barsEnd = hasInset ? Math.round(Math.min(0.62 * width, width - 134)) : width;
    const scale = boundScale(bars, now, { width: barsEnd, top: 10, bottom: height - 26, right: 0 });
    const slot = (scale.right - scale.left) / BARS;
    const place = (at: Pick<Shown, 'logLikelihood' | 'lowerBound'>, i: number): BarPlace => {
      const top = scale.y(at.logLikelihood);
      return {
        x: scale.left + slot * (i + 0.12),
        width: slot * 0.76,
        top,
        // (a gap that is rounding has no pixel, whatever the scale)
        middle:
          rounded(at.logLikelihood - at.lowerBound, at.logLikelihood) === 0
            ? top
            : Math.max(top, scale.y(at.lowerBound)),
        bottom: scale.bottom,
      };
    };
    const marks = bars.map((step, i) => {
      const at = place(step === now ? shown : step, i);
      return svg(
        'g',
        { class: step === now ? 'bar current' : 'bar', 'data-step': String(step.index) },
        [
          ...barMarks(at),
          text('bar-name', shortName(step.index), at, scale.bottom + 18),
          svg('rect', { class: 'hit', x: at.x - slot * 0.12, y: 0, width: slot, height }),
        ],
      );
    });
    const tip = place(shown, bars.length - 1);
    const lens = hasInset ? lensOf(now, steps[index - 1], scale) : undefined;
    const inset =
      lens === undefined
        ? []
        : lensMarks(
            lens,
            shown,
            shortName(index),
            { x: tip.x + tip.width, y: tip.top },
            barsEnd + 14,
            width,
          );
    this.#host.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.#host.replaceChildren(hatching('bars-gap'), ...scale.grid, ...marks, ...inset);
    this.#host.setAttribute(
      'aria-label',
      `ln p as L plus KL for ${bars.map((bar) => nameOf(bar.index)).join(', ')}. ${lens === undefined ? '' : `In a frame of its own: the top of the last one, ${zoomText(lens.zoom)} times larger, on an axis of its own. `}The numbers are in the table above.`,
    );
  }
}

export function shortName(index: number): string {
  return nameOf(index).replace('-step', '');
}
