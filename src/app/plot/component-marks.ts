import { css, lineColour, pointColour, textColourOn } from '../shared/palette.ts';
import { svg } from '../shared/svg.ts';
import { ellipse } from './marginal.ts';
import type { Marginal } from './marginal.ts';
import type { PlotMap, Point } from './plot-map.ts';
import type { Range } from './view-window.ts';

/** Solid, dashed and dotted; see plot.css. */
export const SIGMAS = [1, 2, 3] as const;
const CURVE_POINTS = 240;
/** Half an axis in CSS pixels from which an ellipse is a line across the plot: dashes along it would be millions. */
const UNDASHED = 6000;
/** And from which it is not drawn: its place in the plot is beyond float32. */
const UNDRAWN = 1e6;

/** How one component stands among the others. */
export type Standing = 'plain' | 'strong' | 'dim';

/** What the marks of a component need to know of the plot. */
export interface MarkScene {
  readonly map: PlotMap;
  readonly window: { readonly x: Range };
  readonly oneFeature: boolean;
  /** One feature: the weighted density at the top of the highest curve. */
  readonly highest: number;
  readonly dark: boolean;
}

/** The marks of one component. They are kept and moved, so that what has the focus keeps it while EM runs. */
export class ComponentMark {
  /** Ellipses or the curve. */
  readonly shape = svg('g', { class: 'component', 'aria-hidden': 'true' });
  /** The number at the mean: a button. */
  readonly badge: SVGGElement;
  readonly #component: number;
  readonly #text: SVGElement;
  readonly #circle: SVGElement;
  readonly #lines: { halo: SVGElement; line: SVGElement; sigmas: number }[] = [];
  #oneFeature: boolean | undefined;

  constructor(component: number) {
    this.#component = component;
    this.#circle = svg('circle', { class: 'disc' });
    this.#text = svg('text', { 'text-anchor': 'middle', dy: '0.36em' }, [String(component)]);
    this.badge = svg(
      'g',
      {
        class: 'badge',
        role: 'button',
        tabindex: -1,
        'data-component': component,
        'aria-pressed': 'false',
        'aria-describedby': 'component-keys',
      },
      [svg('circle', { class: 'reach', r: 17 }), this.#circle, this.#text],
    ) as SVGGElement;
    this.shape.dataset['component'] = String(component);
  }

  /**
   * @param label the component in words
   * @param radius of the number's disc in CSS pixels
   */
  show(
    marginal: Marginal,
    scene: MarkScene,
    standing: Standing,
    label: string,
    radius: number,
  ): void {
    const { map, dark } = scene;
    if (scene.oneFeature !== this.#oneFeature) this.#make(scene.oneFeature);
    const stroke = css(lineColour(this.#component, dark));
    if (scene.oneFeature) {
      const points = curve(marginal, scene);
      for (const { halo, line } of this.#lines) {
        change(halo, { points });
        change(line, { points, stroke });
      }
    } else {
      this.#showEllipses(marginal, map, stroke);
    }
    const { x, y } = badgePlace(marginal, scene);
    const colour = pointColour(this.#component, dark);
    change(this.#circle, { fill: css(colour), r: String(radius) });
    change(this.#text, { fill: textColourOn(colour) });
    change(this.badge, {
      transform: `translate(${fixed(x)} ${fixed(y)})`,
      'aria-label': label,
      class: `badge ${standing}`,
    });
    change(this.shape, { class: `component ${standing}` });
  }

  remove(): void {
    this.shape.remove();
    this.badge.remove();
  }

  #make(oneFeature: boolean): void {
    this.#oneFeature = oneFeature;
    this.#lines.length = 0;
    if (oneFeature) {
      const halo = svg('polyline', { class: 'halo' });
      this.#lines.push({ halo, line: svg('polyline', { class: 'sigma' }), sigmas: 1 });
    } else {
      // the widest first, so that the strongest line is on top
      for (const sigmas of [...SIGMAS].reverse()) {
        const line = svg('ellipse', { class: `sigma sigma-${sigmas}` });
        this.#lines.push({ halo: svg('ellipse', { class: 'halo' }), line, sigmas });
      }
    }
    this.shape.replaceChildren(...this.#lines.flatMap(({ halo, line }) => [halo, line]));
  }

  #showEllipses(marginal: Marginal, map: PlotMap, stroke: string): void {
    const { cx, cy, rx, ry, angle } = ellipse(marginal, 1, map);
    const degrees = (angle * 180) / Math.PI;
    const transform = `translate(${fixed(cx)} ${fixed(cy)}) rotate(${fixed(degrees)})`;
    for (const { halo, line, sigmas } of this.#lines) {
      const size = { rx: fixed(sigmas * rx), ry: fixed(sigmas * ry), transform };
      const drawn = sigmas * rx < UNDRAWN ? 'inline' : 'none';
      change(halo, { ...size, display: drawn });
      change(line, {
        ...size,
        stroke,
        display: drawn,
        class: `sigma sigma-${sigmas}${sigmas * rx > UNDASHED ? ' undashed' : ''}`,
      });
    }
  }
}

/** Where a component's number stands: at its mean, with one feature on top of its curve. */
export function badgePlace({ mean, ...marginal }: Marginal, scene: MarkScene): Point {
  const { map } = scene;
  if (!scene.oneFeature) return { x: map.x(mean[0]), y: map.y(mean[1]) };
  return { x: map.x(mean[0]), y: map.bottom - curveHeight(marginal, scene) };
}

/** Height of a component's curve at its mean in CSS pixels; the highest of all is just under the top. */
export function curveHeight(
  marginal: Pick<Marginal, 'weight' | 'covariance'>,
  { map, highest }: MarkScene,
): number {
  return (peak(marginal) / highest) * (map.bottom - map.top) * 0.9;
}

/** The weighted density at the mean, but for a constant. */
export function peak({ weight, covariance }: Pick<Marginal, 'weight' | 'covariance'>): number {
  return weight / Math.sqrt(covariance[0]);
}

function curve(marginal: Marginal, scene: MarkScene): string {
  const { map } = scene;
  const { low, high } = scene.window.x;
  const top = curveHeight(marginal, scene);
  const points = Array.from({ length: CURVE_POINTS + 1 }, (_, i) => {
    const value = low + ((high - low) * i) / CURVE_POINTS;
    const density = Math.exp(-((value - marginal.mean[0]) ** 2) / (2 * marginal.covariance[0]));
    return `${fixed(map.x(value))},${fixed(map.bottom - top * density)}`;
  });
  return points.join(' ');
}

/** Sets the attributes that differ. */
export function change(target: SVGElement, attributes: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (target.getAttribute(name) !== value) target.setAttribute(name, value);
  }
}

export function fixed(value: number): string {
  return value.toFixed(2);
}
