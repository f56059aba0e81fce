import { element } from '../shared/elements.ts';
import { drawnSize } from '../shared/text-scale.ts';
import { svg } from '../shared/svg.ts';
import { boundScale, hatching } from './bound-scale.ts';
import { nameOf } from './half-step.ts';
import type { HalfStep } from './half-step.ts';
import { brief } from './numbers.ts';
import { cleaned } from './sentence.ts';
import { Glide } from './shown.ts';
import type { Shown } from './shown.ts';
import type { Walk, WalkState } from './walk.ts';

/** Half steps side by side; more would make an iteration's gain too small to see. */
const BARS = 3;
/** Gaps drawn smaller than that many times what fills the lens are shown in it. */
const LEAST_ZOOM = 1.5;

/** Pixels of the upper ends of L and of KL, and where the bar stands. */
interface BarPlace {
  readonly x: number;
  readonly width: number;
  readonly top: number;
  readonly middle: number;
  readonly bottom: number;
}

/** The newest half steps as bars: L from below, KL on top of it, up to ln p; beside them the top of the newest one, magnified. */
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
    const scale = boundScale(bars, now, { width, top: 10, bottom: height - 26 });
    const slot = (scale.right - scale.left) / (BARS + 1);
    const place = (at: Pick<Shown, 'logLikelihood' | 'lowerBound'>, i: number): BarPlace => {
      const top = scale.y(at.logLikelihood);
      return {
        x: scale.left + slot * (i + 0.12),
        width: slot * 0.76,
        top,
        middle: Math.max(top, scale.y(at.lowerBound)),
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
    const lensX = scale.left + slot * (BARS + 0.12);
    const lens = lensMarks(now, steps[index - 1], shown, lensX, slot * 0.76, scale);
    this.#host.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.#host.replaceChildren(hatching('bars-gap'), ...scale.grid, ...marks, ...lens);
    this.#host.setAttribute(
      'aria-label',
      `ln p as L plus KL for ${bars.map((bar) => nameOf(bar.index)).join(', ')}; the numbers are in the table beside it.`,
    );
  }
}

/**
 * The upper end of the bar on a scale of its own, where the gap now, or the one that the half step closed, fills two fifths:
 * beside an early gain of ln p the gap of an M-step is less than a pixel.
 */
function lensMarks(
  now: HalfStep,
  before: HalfStep | undefined,
  shown: Shown,
  x: number,
  width: number,
  scale: ReturnType<typeof boundScale>,
): SVGElement[] {
  const gap = Math.max(
    cleaned(now.divergence, now.logLikelihood),
    before ? cleaned(before.divergence, before.logLikelihood) : 0,
  );
  const pixelsAUnit = (0.4 * (scale.bottom - scale.top)) / gap;
  const zoom = pixelsAUnit / (scale.y(0) - scale.y(1));
  if (gap === 0 || zoom < LEAST_ZOOM) return [];
  const centre = scale.top + 0.2 * (scale.bottom - scale.top);
  const y = (value: number) =>
    Math.max(scale.top, Math.min(scale.bottom, centre + (now.logLikelihood - value) * pixelsAUnit));
  const top = y(shown.logLikelihood);
  const place = { x, width, top, middle: y(shown.lowerBound), bottom: scale.bottom };
  return [
    svg('rect', {
      class: 'lens',
      x: x - 3,
      y: scale.top - 3,
      width: width + 6,
      height: scale.bottom - scale.top + 3,
      rx: 4,
    }),
    ...(top < scale.bottom ? barMarks(place) : []),
    text('bar-name', `× ${zoomText(zoom)}`, place, scale.bottom + 18),
  ];
}

function barMarks(at: BarPlace): SVGElement[] {
  const { x, width, top, middle, bottom } = at;
  return [
    svg('rect', { class: 'bar-bound', x, y: middle, width, height: Math.max(0, bottom - middle) }),
    svg('rect', { class: 'bar-gap', x, y: top, width, height: Math.max(0, middle - top) }),
    svg('path', { class: 'bar-top', d: `M${x.toFixed(1)} ${top.toFixed(2)}h${width.toFixed(1)}` }),
    ...(middle - top > 18 ? [text('gap-label', 'KL', at, (top + middle) / 2 + 4)] : []),
    ...(bottom - middle > 18 ? [text('bound-label', 'L', at, (middle + bottom) / 2 + 4)] : []),
  ];
}

function text(name: string, content: string, { x, width }: BarPlace, y: number): SVGElement {
  return svg('text', { class: name, x: x + width / 2, y, 'text-anchor': 'middle' }, [content]);
}

/** "5.2", "47", "1.3e5" */
function zoomText(zoom: number): string {
  return zoom < 10
    ? zoom.toFixed(1)
    : zoom < 1e4
      ? brief(Math.round(zoom))
      : zoom.toExponential(0).replace('+', '');
}

export function shortName(index: number): string {
  return nameOf(index).replace('-step', '');
}
