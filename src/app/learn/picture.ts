import { element } from '../shared/elements.ts';
import { drawnSize, placeIn } from '../shared/text-scale.ts';
import { drawLine } from './line-picture.ts';
import { drawPlane } from './plane-picture.ts';
import { sampleText } from './sentence.ts';
import { Glide } from './shown.ts';
import type { Shown } from './shown.ts';
import type { Walk, WalkState } from './walk.ts';
import type { HalfStep } from './half-step.ts';
import { meanText } from './sentence.ts';
import { nameOf } from './half-step.ts';

/** What a picture is drawn from, beside the numbers that glide. */
export interface PictureState extends Pick<
  WalkState,
  'lesson' | 'run' | 'index' | 'sample' | 'component'
> {
  /** The components before this M-step, drawn dotted. */
  readonly ghost: HalfStep | undefined;
  readonly dark: boolean;
}

/** Where things were drawn, in CSS pixels of the picture. */
export interface Placement {
  readonly samples: readonly (readonly [number, number])[];
  readonly means: readonly (readonly [number, number])[];
  /** The values of the features at that pixel. */
  valueAt(x: number, y: number): number[];
}

/** How near a click has to be, in CSS pixels. */
const REACH = 18;

/** Samples and components of the half step. A click chooses the nearest sample; at the start the means can be dragged. */
export class Picture {
  readonly #host = element('learn-picture', SVGSVGElement);
  readonly #walk: Walk;
  readonly #isDark: () => boolean;
  readonly #glide = new Glide((shown) => this.#draw(shown));
  #shown: Shown | undefined;
  #placement: Placement | undefined;
  #dragged: { component: number; means: number[] } | undefined;

  /** @param isDark whether the page is dark now */
  constructor(walk: Walk, isDark: () => boolean) {
    this.#walk = walk;
    this.#isDark = isDark;
    walk.subscribe((state, before) => this.#show(state, before));
    new ResizeObserver(() => this.redraw()).observe(this.#host);
    this.#host.addEventListener('pointerdown', (event) => this.#press(event));
    this.#host.addEventListener('pointermove', (event) => this.#move(event));
    this.#host.addEventListener('pointerup', () => this.#release());
    this.#host.addEventListener('pointercancel', () => {
      this.#dragged = undefined;
      this.redraw();
    });
  }

  redraw(): void {
    if (this.#shown) this.#draw(this.#shown);
  }

  #show(state: WalkState, before: WalkState | undefined): void {
    const step = state.run.steps[state.index];
    this.#host.setAttribute('aria-label', describe(state));
    this.#host.classList.toggle('draggable', state.index === 0);
    // from run to run nothing glides: other samples, or another start
    if (before?.run === state.run && before.index !== state.index) this.#glide.to(step);
    else if (before?.run !== state.run) this.#glide.jump(step);
    else this.redraw();
  }

  #draw(shown: Shown): void {
    const { state } = this.#walk;
    this.#shown = shown;
    const { width, height } = drawnSize(this.#host);
    if (!state || width === 0) return;
    const picture: PictureState = {
      ...state,
      ghost:
        state.index > 0 && state.index % 2 === 0 ? state.run.steps[state.index - 1] : undefined,
      dark: this.#isDark(),
    };
    const drawn = this.#dragged
      ? { ...shown, means: Float64Array.from(this.#dragged.means) }
      : shown;
    const draw = state.lesson.samples.nFeatures === 1 ? drawLine : drawPlane;
    const { marks, placement } = draw(picture, drawn, width, height);
    this.#placement = placement;
    this.#host.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.#host.replaceChildren(...marks);
  }

  #press(event: PointerEvent): void {
    const { state } = this.#walk;
    if (!state || !this.#placement) return;
    const at = this.#at(event);
    const component = nearest(this.#placement.means, at, REACH);
    if (state.index === 0 && component !== undefined) {
      this.#host.setPointerCapture(event.pointerId);
      this.#dragged = { component, means: [...state.start.means] };
      event.preventDefault();
      return;
    }
    // on a line only the place along it counts: the bar below is the sample too
    const flat = state.lesson.samples.nFeatures === 1;
    const samples = this.#placement.samples.map(([x, y]) => [x, flat ? at[1] : y] as const);
    const sample = nearest(samples, at, flat ? 40 : REACH);
    if (sample !== undefined) this.#walk.change({ sample });
  }

  #move(event: PointerEvent): void {
    const { state } = this.#walk;
    if (!this.#dragged || !this.#placement || !state) return;
    const values = this.#placement.valueAt(...this.#at(event));
    const { component, means } = this.#dragged;
    values.forEach(
      (value, d) => (means[component * values.length + d] = Number(value.toPrecision(4))),
    );
    this.redraw();
  }

  #release(): void {
    const { state } = this.#walk;
    const dragged = this.#dragged;
    this.#dragged = undefined;
    if (!state || !dragged) return;
    const { lesson, start, assignment } = state;
    this.#walk.change({ component: dragged.component });
    void this.#walk.open({
      lessonId: lesson.id,
      start: { means: dragged.means, deviations: start.deviations },
      assignment,
    });
  }

  #at(event: PointerEvent): [number, number] {
    const { x, y } = placeIn(this.#host, event);
    return [x, y];
  }
}

function nearest(
  places: readonly (readonly [number, number])[],
  [x, y]: readonly [number, number],
  reach: number,
): number | undefined {
  let best: number | undefined;
  let least = reach;
  places.forEach(([px, py], i) => {
    const distance = Math.hypot(px - x, py - y);
    if (distance <= least) {
      least = distance;
      best = i;
    }
  });
  return best;
}

function describe({ lesson, run, index, sample }: WalkState): string {
  const step = run.steps[index];
  const { nSamples, nFeatures } = lesson.samples;
  const means = Array.from(
    step.weights,
    (_, k) => `component ${k + 1} at ${meanText(step, k, nFeatures)}`,
  );
  return `${nameOf(index)}: ${nSamples} samples, ${means.join(', ')}. Chosen: ${sampleText(lesson, sample)}. All numbers are in the tables below.`;
}
