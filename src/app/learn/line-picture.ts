import { css, lineColour, pointColour, textColourOn } from '../shared/palette.ts';
import { svg } from '../shared/svg.ts';
import { ticks } from '../plot/ticks.ts';
import { mixed } from './colours.ts';
import type { HalfStep } from './half-step.ts';
import type { Lesson } from './lesson.ts';
import { badge } from './marks.ts';
import type { PictureState, Placement } from './picture.ts';
import type { Shown } from './shown.ts';

/** CSS pixels below the axis: tick labels, bars of the shares, numbers of the samples. */
const BELOW = 132;
const BAR_HEIGHT = 62;
const CURVE_POINTS = 200;

/** One feature: weighted densities over a line, samples on it, and under each sample the bar of its shares. */
export function drawLine(
  { lesson, run, ghost, sample, component, dark }: PictureState,
  shown: Shown,
  width: number,
  height: number,
): { marks: SVGElement[]; placement: Placement } {
  const range = rangeOf(lesson, run.steps);
  const left = 14;
  const right = width - 14;
  const base = height - BELOW;
  const scale = (right - left) / (range.high - range.low);
  const x = (value: number) => left + (value - range.low) * scale;
  const peak = Math.max(...run.steps.slice(0, 40).map((step) => highest(step)));
  // (a component on its way to collapse would flatten the others)
  const upper = Math.min(peak, 3 * highest(run.steps[0]) + 0.5);
  const y = (density: number) => base - (density / upper) * (base - 30);
  const curve = (at: Shown, k: number) => {
    const step = (range.high - range.low) / CURVE_POINTS;
    const values = Array.from({ length: CURVE_POINTS + 1 }, (_, i) => range.low + i * step);
    // a narrow component lies between two of those
    const deviation = Math.sqrt(at.covariances[k]);
    for (let i = -16; i <= 16; i++) values.push(at.means[k] + (i / 4) * deviation);
    const points = values
      .filter((value) => value >= range.low && value <= range.high)
      .sort((a, b) => a - b)
      .map((value) => `${x(value).toFixed(2)},${Math.max(0, y(density(at, k, value))).toFixed(1)}`);
    return points.join(' ');
  };
  const { nComponents, samples } = lesson;
  const components = Array.from({ length: nComponents }, (_, k) => k);
  const xs = Array.from(samples.data, x);
  const marks = [
    ...axis(range, x, base, left, right),
    ...components.map((k) =>
      svg('polygon', {
        class: 'hill',
        fill: css(pointColour(k, dark)),
        points: `${left},${base} ${curve(shown, k)} ${right},${base}`,
      }),
    ),
    ...(ghost === undefined
      ? []
      : components.map((k) =>
          svg('polyline', {
            class: 'ghost',
            stroke: css(lineColour(k, dark)),
            points: curve(ghost, k),
          }),
        )),
    ...components.map((k) =>
      svg('polyline', {
        class: k === component ? 'outline chosen' : 'outline',
        stroke: css(lineColour(k, dark)),
        points: curve(shown, k),
      }),
    ),
    ...components.map((k) =>
      badge(k, x(shown.means[k]), Math.max(18, y(density(shown, k, shown.means[k]))), dark),
    ),
    ...xs.flatMap((at, n) =>
      sampleMarks(n, at, base, shares(shown, n, nComponents), n === sample, barWidth(xs), dark),
    ),
  ];
  return {
    marks,
    placement: {
      samples: xs.map((at) => [at, base]),
      means: components.map((k) => [
        x(shown.means[k]),
        Math.max(18, y(density(shown, k, shown.means[k]))),
      ]),
      valueAt: (px) => [range.low + (px - left) / scale],
    },
  };
}

function sampleMarks(
  n: number,
  x: number,
  base: number,
  row: Float64Array,
  chosen: boolean,
  width: number,
  dark: boolean,
): SVGElement[] {
  const top = base + 40;
  let at = top;
  const parts = Array.from(row, (share, k) => {
    const height = share * BAR_HEIGHT;
    const colour = pointColour(k, dark);
    const part = svg('g', {}, [
      svg('rect', { x: x - width / 2, y: at, width, height, fill: css(colour) }),
    ]);
    if (width >= 34 && height >= 16) {
      const label = { x, y: at + height / 2 + 4, 'text-anchor': 'middle', class: 'share' };
      part.append(
        svg('text', { ...label, fill: textColourOn(colour) }, [`${Math.round(100 * share)}%`]),
      );
    }
    at += height;
    return part;
  });
  return [
    ...parts,
    svg('rect', {
      class: chosen ? 'bar-frame chosen' : 'bar-frame',
      x: x - width / 2,
      y: top,
      width,
      height: BAR_HEIGHT,
    }),
    svg('text', { class: 'sample-number', x, y: top + BAR_HEIGHT + 17, 'text-anchor': 'middle' }, [
      String(n + 1),
    ]),
    svg('circle', {
      class: chosen ? 'sample chosen' : 'sample',
      cx: x,
      cy: base,
      r: Math.min(9, width / 2),
      fill: mixed(row, dark),
    }),
  ];
}

function axis(
  range: { low: number; high: number },
  x: (value: number) => number,
  base: number,
  left: number,
  right: number,
): SVGElement[] {
  const { values, labels } = ticks(range, (right - left) / 56);
  return [
    svg('path', { class: 'base', d: `M${left} ${base}H${right}` }),
    ...values.map((value, i) =>
      svg('text', { class: 'tick', x: x(value), y: base + 27, 'text-anchor': 'middle' }, [
        labels[i],
      ]),
    ),
  ];
}

/** Holds samples and every component that the run came by, at 2 standard deviations within reason. */
function rangeOf({ samples }: Lesson, steps: readonly HalfStep[]): { low: number; high: number } {
  const least = Math.min(...samples.data);
  const most = Math.max(...samples.data);
  const reach = most - least;
  let low = least - 0.2 * reach;
  let high = most + 0.2 * reach;
  for (const { means, covariances } of steps) {
    means.forEach((mean, k) => {
      const spread = Math.min(2 * Math.sqrt(covariances[k]), 0.5 * reach);
      low = Math.min(low, mean - spread);
      high = Math.max(high, mean + spread);
    });
  }
  return { low, high };
}

function highest(shown: Shown): number {
  return Math.max(...Array.from(shown.means, (mean, k) => density(shown, k, mean)));
}

function density({ weights, means, covariances }: Shown, k: number, value: number): number {
  const variance = covariances[k];
  return (
    (weights[k] / Math.sqrt(2 * Math.PI * variance)) *
    Math.exp(-((value - means[k]) ** 2) / (2 * variance))
  );
}

function shares({ responsibilities }: Shown, n: number, nComponents: number): Float64Array {
  return responsibilities.subarray(n * nComponents, (n + 1) * nComponents);
}

/** As wide as the two nearest samples leave room for. */
function barWidth(xs: readonly number[]): number {
  const sorted = [...xs].sort((a, b) => a - b);
  const gaps = sorted.slice(1).map((at, i) => at - sorted[i]);
  return Math.max(6, Math.min(44, 0.8 * Math.min(...gaps)));
}
