import { element } from '../shared/elements.ts';
import { drawnSize, placeIn } from '../shared/text-scale.ts';
import { svg } from '../shared/svg.ts';
import { boundScale, hatching } from './bound-scale.ts';
import { shortName } from './bound-bars.ts';
import type { HalfStep } from './half-step.ts';
import { boundText } from './numbers.ts';
import type { Walk, WalkState } from './walk.ts';

/** Half steps before the one shown and after it, in the close-up. */
const BEFORE = 6;
const AFTER = 2;

/** ln p and L over the half steps of the run, the gap between them hatched. */
export class BoundCurve {
  readonly #host = element('bound-curve', SVGSVGElement);
  readonly #near = element('close-up', HTMLInputElement);
  readonly #walk: Walk;

  constructor(walk: Walk) {
    this.#walk = walk;
    walk.subscribe(() => this.draw());
    this.#near.addEventListener('change', () => this.draw());
    new ResizeObserver(() => this.draw()).observe(this.#host);
    this.#host.addEventListener('click', (event) => this.#choose(event));
  }

  draw(): void {
    const { state } = this.#walk;
    const { width, height } = drawnSize(this.#host);
    if (!state || width === 0) return;
    const { first, last } = this.#window(state);
    const { steps } = state.run;
    const seen = steps.slice(first, Math.min(last, state.reached) + 1);
    const now = steps[state.index];
    const scale = boundScale(seen, now, { width, top: 8, bottom: height - 24 });
    const x = (index: number) => place(index, first, last, scale.left, scale.right);
    const line = (value: (step: HalfStep) => number, some: readonly HalfStep[]) =>
      some.map((step) => `${x(step.index).toFixed(1)},${scale.y(value(step)).toFixed(1)}`);
    const upper = line(({ logLikelihood }) => logLikelihood, seen);
    const lower = line(({ lowerBound }) => lowerBound, seen);
    const best = state.lesson.bestLogLikelihood;
    const bestY = scale.y(best);
    const names = seen.filter(
      ({ index }) => (index - first) % Math.ceil((last - first + 1) / (width / 46)) === 0,
    );
    this.#host.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.#host.replaceChildren(
      hatching('curve-gap'),
      ...scale.grid,
      ...(bestY > scale.top && bestY < scale.bottom
        ? [svg('path', { class: 'best', d: `M${scale.left} ${bestY.toFixed(1)}H${scale.right}` })]
        : []),
      svg('path', {
        class: 'here',
        d: `M${x(state.index).toFixed(1)} ${scale.top}V${scale.bottom}`,
      }),
      svg('polygon', { class: 'curve-gap', points: [...upper, ...lower.reverse()].join(' ') }),
      svg('polyline', { class: 'curve-upper', points: upper.join(' ') }),
      svg('polyline', { class: 'curve-lower', points: lower.join(' ') }),
      ...seen.map(({ index, lowerBound }) =>
        svg('circle', {
          class: index === state.index ? 'curve-point current' : 'curve-point',
          cx: x(index),
          cy: scale.y(lowerBound),
          r: index === state.index ? 5.5 : 3,
        }),
      ),
      ...names.map(({ index }) =>
        svg('text', { class: 'tick', x: x(index), y: scale.bottom + 17, 'text-anchor': 'middle' }, [
          shortName(index),
        ]),
      ),
    );
    this.#host.setAttribute(
      'aria-label',
      `L from ${boundText(steps[0].lowerBound)} at the start to ${boundText(now.lowerBound)} now, ln p from ${boundText(steps[0].logLikelihood)} to ${boundText(now.logLikelihood)}; the best known is ${boundText(best)}.`,
    );
  }

  #window({ run, index }: WalkState): { first: number; last: number } {
    const last = run.steps.length - 1;
    if (!this.#near.checked) return { first: 0, last };
    const first = Math.max(0, Math.min(index - BEFORE, last - BEFORE - AFTER));
    return { first, last: Math.min(last, first + BEFORE + AFTER) };
  }

  #choose(event: MouseEvent): void {
    const { state } = this.#walk;
    if (!state) return;
    const { first, last } = this.#window(state);
    const at = (placeIn(this.#host, event).x - 72) / (drawnSize(this.#host).width - 92);
    this.#walk.goTo(Math.min(state.reached, Math.round(first + at * (last - first))));
  }
}

function place(index: number, first: number, last: number, left: number, right: number): number {
  // ten pixels of air on either side, for the points
  const part = last === first ? 0.5 : (index - first) / (last - first);
  return left + 10 + part * (right - left - 20);
}
