import { svg } from '../shared/svg.ts';
import { barMarks, text } from './bar-marks.ts';
import { scaleOf } from './bound-scale.ts';
import type { BoundScale } from './bound-scale.ts';
import type { HalfStep } from './half-step.ts';
import { brief, rounded } from './numbers.ts';
import type { Shown } from './shown.ts';

/** Gaps that would be drawn less than that many times larger need no lens. */
const LEAST_ZOOM = 1.5;
/** CSS pixels for the two lines of the title, and for the tick labels. */
const TITLE = 42;
const LABELS = 56;

/** The end of a bar on a scale of its own. */
export interface Lens {
  readonly now: HalfStep;
  readonly range: { low: number; high: number };
  readonly top: number;
  readonly bottom: number;
  /** How much larger than in the bars. */
  readonly zoom: number;
}

/**
 * The upper end of the bar, where the gap now, or the one that the half step closed, fills two fifths: beside an early gain of
 * ln p the gap of an M-step is less than a pixel. undefined where there is no gap or the bars show it.
 */
export function lensOf(
  now: HalfStep,
  before: HalfStep | undefined,
  bars: BoundScale,
): Lens | undefined {
  const gap = Math.max(
    rounded(now.divergence, now.logLikelihood),
    before ? rounded(before.divergence, before.logLikelihood) : 0,
  );
  const top = bars.top + TITLE;
  const range = { low: now.logLikelihood - 2 * gap, high: now.logLikelihood + 0.5 * gap };
  const pixelsAUnit = (bars.bottom - top) / (range.high - range.low);
  const zoom = pixelsAUnit / (bars.y(0) - bars.y(1));
  return gap === 0 || zoom < LEAST_ZOOM
    ? undefined
    : { now, range, top, bottom: bars.bottom, zoom };
}

/**
 * A frame with title, ticks and the bar's end.
 * @param name of the half step, as below its bar
 * @param tip the upper right corner of that bar, from which two lines lead to the frame
 */
export function lensMarks(
  { now, range, top, bottom, zoom }: Lens,
  shown: Shown,
  name: string,
  tip: { x: number; y: number },
  left: number,
  width: number,
): SVGElement[] {
  const right = width - 2;
  const scale = scaleOf(range, now, {
    width: right,
    top,
    bottom,
    left: left + LABELS,
    right: 8,
    mostCharacters: 7,
  });
  const y = (value: number) => Math.max(top, Math.min(bottom, scale.y(value)));
  const bar = { x: scale.left + 6, width: scale.right - scale.left - 12 };
  const upper = y(shown.logLikelihood);
  const frame = { x: left, y: top - TITLE, width: right - left, height: bottom - top + TITLE + 7 };
  const lead = (to: number) =>
    svg('path', { class: 'lens-lead', d: `M${tip.x} ${tip.y.toFixed(1)}L${left} ${to}` });
  return [
    lead(frame.y),
    lead(bottom + 7),
    svg('rect', { class: 'lens', ...frame, rx: 4 }),
    text('lens-title', `Top of ${name},`, frame, frame.y + 16),
    text('lens-title', `${zoomText(zoom)}× larger`, frame, frame.y + 31),
    ...scale.grid,
    ...(upper < bottom
      ? barMarks({ ...bar, top: upper, middle: y(shown.lowerBound), bottom })
      : []),
  ];
}

/** "5.2", "47", "1.3·10⁵" */
export function zoomText(zoom: number): string {
  if (zoom < 10) return zoom.toFixed(1);
  if (zoom < 1e4) return brief(Math.round(zoom));
  const [mantissa, power] = zoom.toExponential(1).split('e+');
  return `${mantissa}·10${Array.from(power, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('')}`;
}
