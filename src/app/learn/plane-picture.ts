import { axisMarks } from '../plot/axis-marks.ts';
import { ellipse } from '../plot/marginal.ts';
import { plotMap } from '../plot/plot-map.ts';
import type { PlotMap } from '../plot/plot-map.ts';
import { css, lineColour } from '../shared/palette.ts';
import { svg } from '../shared/svg.ts';
import { mixed } from './colours.ts';
import type { HalfStep } from './half-step.ts';
import type { Lesson } from './lesson.ts';
import { badge } from './marks.ts';
import type { PictureState, Placement } from './picture.ts';
import type { Shown } from './shown.ts';

/** Two features: samples in their mixed colours, every component at 1 and 2 standard deviations, and the way of its mean. */
export function drawPlane(
  { lesson, run, index, ghost, sample, component, dark }: PictureState,
  shown: Shown,
  width: number,
  height: number,
): { marks: SVGElement[]; placement: Placement } {
  const window = windowOf(lesson, run.steps);
  const map = plotMap(window, width, height);
  const { nComponents, samples } = lesson;
  const components = Array.from({ length: nComponents }, (_, k) => k);
  const places = Array.from({ length: samples.nSamples }, (_, n): [number, number] => [
    map.x(samples.data[2 * n]),
    map.y(samples.data[2 * n + 1]),
  ]);
  const dots = places.map(([cx, cy], n) =>
    svg('circle', {
      class: n === sample ? 'sample chosen' : 'sample',
      cx,
      cy,
      r: n === sample ? 7 : 4,
      fill: mixed(shown.responsibilities.subarray(n * nComponents, (n + 1) * nComponents), dark),
    }),
  );
  const means = components.map((k): [number, number] => [
    map.x(shown.means[2 * k]),
    map.y(shown.means[2 * k + 1]),
  ]);
  const ways = components.map((k) => {
    const points = run.steps
      .slice(0, index)
      .filter(({ kind }) => kind !== 'e')
      .map(
        (step) =>
          `${map.x(step.means[2 * k]).toFixed(1)},${map.y(step.means[2 * k + 1]).toFixed(1)}`,
      );
    return svg('polyline', {
      class: 'way',
      stroke: css(lineColour(k, dark)),
      points: [...points, means[k].map((at) => at.toFixed(1)).join(',')].join(' '),
    });
  });
  // the chosen sample last, over its neighbours
  const upper = dots.splice(sample, 1);
  const clip = svg('clipPath', { id: 'learn-area' }, [
    svg('rect', {
      x: map.left,
      y: map.top,
      width: Math.max(0, map.right - map.left),
      height: Math.max(0, map.bottom - map.top),
    }),
  ]);
  const inside = svg('g', { 'clip-path': 'url(#learn-area)' }, [
    ...dots,
    ...upper,
    ...(ghost === undefined ? [] : components.map((k) => outline(ghost, k, 1, 'ghost', map, dark))),
    ...components.flatMap((k) =>
      [2, 1].flatMap((sigmas) => [
        outline(shown, k, sigmas, 'halo', map, dark),
        outline(
          shown,
          k,
          sigmas,
          `outline sigma-${sigmas}${k === component ? ' chosen' : ''}`,
          map,
          dark,
        ),
      ]),
    ),
    ...ways,
    ...components.map((k) => badge(k, ...means[k], dark)),
  ]);
  return {
    marks: [clip, axisMarks(window, lesson.featureNames[0], lesson.featureNames[1], map), inside],
    placement: {
      samples: places,
      means,
      valueAt: (px, py) => [
        window.x.low + (px - map.left) / map.scaleX,
        window.y.low + (py - map.bottom) / map.scaleY,
      ],
    },
  };
}

function outline(
  { weights, means, covariances }: Shown,
  k: number,
  sigmas: number,
  className: string,
  map: PlotMap,
  dark: boolean,
): SVGElement {
  const [xx, xy, , yy] = covariances.subarray(4 * k, 4 * k + 4);
  const { cx, cy, rx, ry, angle } = ellipse(
    {
      component: k,
      weight: weights[k],
      mean: [means[2 * k], means[2 * k + 1]],
      covariance: [xx, xy, yy],
    },
    sigmas,
    map,
  );
  return svg('ellipse', {
    class: className,
    ...(className === 'halo' ? {} : { stroke: css(lineColour(k, dark)) }),
    rx,
    ry,
    transform: `translate(${cx.toFixed(2)} ${cy.toFixed(2)}) rotate(${((angle * 180) / Math.PI).toFixed(2)})`,
  });
}

/** Holds the samples, the means of the start and the components of the end at 2 standard deviations. */
function windowOf({ samples }: Lesson, steps: readonly HalfStep[]) {
  const { means, covariances } = steps.at(-1)!;
  const range = (d: number) => {
    const values = [...samples.data, ...steps[0].means].filter((_, i) => i % 2 === d);
    const ends = Array.from({ length: means.length / 2 }, (_, k) => {
      const spread = 2 * Math.sqrt(covariances[4 * k + 3 * d]);
      return [means[2 * k + d] - spread, means[2 * k + d] + spread];
    }).flat();
    const low = Math.min(...values, ...ends);
    const high = Math.max(...values, ...ends);
    const margin = 0.08 * (high - low);
    return { low: low - margin, high: high + margin };
  };
  return { x: range(0), y: range(1) };
}
