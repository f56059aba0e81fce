import type { Family, Parameters } from '../families/family.ts';

type Arrays = Readonly<Record<string, Float64Array>>;

/**
 * Parameters taken apart by component, whatever the family: an array that grows with K holds K rows, any other (a tied covariance)
 * belongs to all components together.
 */
export class ComponentSlots {
  readonly #own: ReadonlySet<string>;

  constructor(family: Family, nComponents: number, nFeatures: number) {
    const sizes = (count: number): [string, number][] =>
      Object.entries(family.parameterShapes(count, nFeatures)).map(([name, shape]) => [
        name,
        shape.reduce((product, length) => product * length, 1),
      ]);
    const more = Object.fromEntries(sizes(nComponents + 1));
    const own = sizes(nComponents).filter(([name, size]) => more[name] !== size);
    this.#own = new Set(['weights', ...own.map(([name]) => name)]);
  }

  /** A model of these components alone; its weights are theirs, whatever they sum to. */
  take(parameters: Parameters, components: readonly number[]): Parameters {
    return this.#map(parameters, (values, length) => {
      const taken = new Float64Array(components.length * length);
      components.forEach((k, at) =>
        taken.set(values.subarray(k * length, (k + 1) * length), at * length),
      );
      return taken;
    });
  }

  /** The model with some of its components replaced by those of `part`, weights included. */
  put(parameters: Parameters, components: readonly number[], part: Parameters): Parameters {
    return this.#map(parameters, (values, length, name) => {
      const put = values.slice();
      const from = (part as unknown as Arrays)[name];
      components.forEach((k, at) =>
        put.set(from.subarray(at * length, (at + 1) * length), k * length),
      );
      return put;
    });
  }

  /** The model with other weights. */
  weigh(parameters: Parameters, weights: Float64Array): Parameters {
    return { ...parameters, weights };
  }

  #map(
    parameters: Parameters,
    change: (values: Float64Array, length: number, name: string) => Float64Array,
  ): Parameters {
    const nComponents = parameters.weights.length;
    const entries = Object.entries(parameters as unknown as Arrays).map(([name, values]) => [
      name,
      this.#own.has(name) ? change(values, values.length / nComponents, name) : values,
    ]);
    return Object.fromEntries(entries);
  }
}
