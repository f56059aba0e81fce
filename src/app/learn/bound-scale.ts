import { ticks } from '../plot/ticks.ts';
import { svg } from '../shared/svg.ts';
import type { HalfStep } from './half-step.ts';

/** A vertical scale of log-likelihoods that holds some half steps, whatever their size. */
export interface BoundScale {
  y(value: number): number;
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
  /** Grid lines with their labels. */
  readonly grid: SVGElement[];
}

/** The pixels that a scale may use, and how long its labels may be: longer ones say how far they are from the newest ln p. */
export interface ScaleBox {
  readonly width: number;
  readonly top: number;
  readonly bottom: number;
  readonly left?: number;
  readonly right?: number;
  readonly mostCharacters?: number;
}

/** Holds all of these half steps. */
export function boundScale(steps: readonly HalfStep[], now: HalfStep, box: ScaleBox): BoundScale {
  const least = Math.min(...steps.map(({ lowerBound }) => lowerBound));
  const most = Math.max(...steps.map(({ logLikelihood }) => logLikelihood));
  // where nothing differs but by rounding, the picture is flat
  const rounding = 1e-12 * Math.max(1, Math.abs(most));
  const flat = most - least < rounding;
  const spread = flat ? rounding : most - least;
  const range = { low: least - 0.18 * spread, high: most + 0.1 * spread };
  return scaleOf(range, now, box, flat);
}

/** @param flat whether ln p is the only label, as nothing differs from it but by rounding */
export function scaleOf(
  range: { low: number; high: number },
  now: HalfStep,
  { width, top, bottom, left = 62, right = 10, mostCharacters = 9 }: ScaleBox,
  flat = false,
): BoundScale {
  const spread = range.high - range.low;
  const y = (value: number) => bottom - ((value - range.low) / spread) * (bottom - top);
  const wanted = (bottom - top) / 38;
  const plain = ticks(range, wanted);
  // (labels that need a note, or a row of decimals)
  const far =
    flat || plain.note !== '' || plain.labels.some((label) => label.length > mostCharacters);
  const origin = far ? now.logLikelihood : 0;
  const relative = ticks({ low: range.low - origin, high: range.high - origin }, wanted);
  const marks = far
    ? relative.values
        .filter((value) => !flat || Math.abs(value) < spread / 1e6)
        .map((value) => ({
          value: value + origin,
          text:
            Math.abs(value) < spread / 1e6
              ? 'ln p'
              : `${value > 0 ? '+' : ''}${Number(value.toPrecision(2)).toExponential()}`,
        }))
    : plain.values.map((value, i) => ({ value, text: plain.labels[i] }));
  const grid = marks.flatMap(({ value, text }) => [
    svg('path', { class: 'grid', d: `M${left} ${y(value).toFixed(1)}H${width - right}` }),
    svg('text', { class: 'tick', x: left - 7, y: y(value) + 4, 'text-anchor': 'end' }, [
      text.replaceAll('-', '−'),
    ]),
  ]);
  return { y, top, bottom, left, right: width - right, grid };
}

/** The diagonal lines that stand for KL, so that it is told from L without colour. */
export function hatching(id: string): SVGElement {
  return svg('defs', {}, [
    svg(
      'pattern',
      { id, width: 7, height: 7, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
      [
        svg('rect', { class: 'gap-ground', width: 7, height: 7 }),
        svg('path', { class: 'gap-line', d: 'M0 0V7' }),
      ],
    ),
  ]);
}
