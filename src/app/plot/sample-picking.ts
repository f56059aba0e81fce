import { count, resolved } from '../shared/format.ts';
import { nearestSamples, placeOf } from './pick.ts';
import type { Point } from './plot-map.ts';
import type { PlotScene } from './plot-scene.ts';

/** CSS pixels within which a click finds a sample. */
const WITHIN = 12;
/** How many neighbours can be walked to. */
const NEIGHBOURS = 64;

/** Selects samples: by a click, and by keys from one to its neighbours. */
export class SamplePicking {
  readonly #scene: PlotScene;
  readonly #say: (sentence: string) => void;
  /** Nearest first, from the sample that the walk began at. */
  #walk: { readonly samples: readonly number[]; at: number } | undefined;

  constructor(scene: PlotScene, say: (sentence: string) => void) {
    this.#scene = scene;
    this.#say = say;
  }

  /** Selects the sample nearest to a place in CSS pixels, or none where none is near. */
  pickAt(at: Point): void {
    const [sample] = this.#nearest(at, WITHIN, 1);
    this.#walk = undefined;
    this.#select(sample);
  }

  /** To the next nearest neighbour of where the walk began (1) or back (-1); with nothing selected, to the middle's nearest. */
  walk(by: 1 | -1): void {
    const { view, data, map } = this.#scene;
    if (!data) return;
    const { selected, projection } = view.value;
    const going = this.#walk && this.#walk.samples[this.#walk.at] === selected;
    if (!going || selected === undefined) {
      const place = selected === undefined ? undefined : placeOf(data, projection, selected);
      const from = {
        x: place ? map.x(place.x) : (map.left + map.right) / 2,
        y: place && !this.#scene.oneFeature ? map.y(place.y) : (map.top + map.bottom) / 2,
      };
      const near = this.#nearest(from, Infinity, NEIGHBOURS);
      const others = near.filter((sample) => sample !== selected);
      const samples = selected === undefined ? near : [selected, ...others];
      this.#walk = { samples, at: selected === undefined ? -1 : 0 };
    }
    const walk = this.#walk!;
    walk.at = Math.min(walk.samples.length - 1, Math.max(0, walk.at + by));
    this.#select(walk.samples[walk.at]);
  }

  /** In another plane other samples are near. */
  forgetWalk(): void {
    this.#walk = undefined;
  }

  clear(): void {
    this.forgetWalk();
    this.#scene.view.set({ selected: undefined });
  }

  #nearest(at: Point, within: number, most: number): number[] {
    const { data, view, map } = this.#scene;
    if (!data) return [];
    return nearestSamples(data, view.value.projection, map, at, { within, most });
  }

  #select(sample: number | undefined): void {
    const { view, data } = this.#scene;
    view.set({ selected: sample });
    if (sample === undefined || !data) return;
    const { xName, yName } = view.value.projection;
    const { x, y } = placeOf(data, view.value.projection, sample);
    const { window } = view.value;
    const along = resolved(x, window.x.high - window.x.low);
    const up = yName === undefined ? '' : `, ${yName} ${resolved(y, window.y.high - window.y.low)}`;
    this.#say(`Sample ${count(sample)}: ${xName} ${along}${up}.`);
  }
}
