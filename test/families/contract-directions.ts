import type { Parameters } from '../../src/families/family.ts';
import type { ContractCase } from './contract-cases.ts';

/** One free number of a mixture: `array[index]` goes up, and with it, or against it, the entries that it is tied to. */
export interface Direction {
  readonly array: string;
  readonly index: number;
  readonly tied: readonly { readonly index: number; readonly sign: 1 | -1 }[];
}

/** Every free number of the case: weights, and what its constraints leave of each array. */
export function directionsOf(one: ContractCase): Direction[] {
  const { family, nFeatures, parameters, constraints = {} } = one;
  const nComponents = parameters['weights'].length;
  const shapes = family.parameterShapes(nComponents, nFeatures);
  const directions = simplex('weights', parameters['weights'], nComponents);
  for (const [array, shape] of Object.entries(shapes)) {
    const values = parameters[array];
    const last = shape.at(-1)!;
    switch (constraints[array]) {
      case 'fixed':
        break;
      case 'simplex':
        directions.push(...simplex(array, values, last));
        break;
      case 'symmetric':
        values.forEach((_, index) => {
          const row = Math.floor(index / last) % last;
          const column = index % last;
          if (column > row) return;
          const mirror = index - column - row * last + column * last + row;
          const tied = column < row ? [{ index: mirror, sign: 1 as const }] : [];
          directions.push({ array, index, tied });
        });
        break;
      case undefined:
        values.forEach((_, index) => directions.push({ array, index, tied: [] }));
        break;
    }
  }
  return directions;
}

/** Rows of `width` that sum to 1: each entry against its row's last one. Entries that are 0 are no parameters. */
function simplex(array: string, values: readonly number[], width: number): Direction[] {
  const directions: Direction[] = [];
  for (let row = 0; row < values.length; row += width) {
    const free = Array.from({ length: width }, (_, i) => row + i).filter((i) => values[i] > 0);
    const last = free.pop()!;
    for (const index of free) directions.push({ array, index, tied: [{ index: last, sign: -1 }] });
  }
  return directions;
}

/** The parameters with one free number changed by `step`. */
export function moved(parameters: Parameters, direction: Direction, step: number): Parameters {
  const { array, index, tied } = direction;
  const arrays = parameters as unknown as Readonly<Record<string, Float64Array>>;
  const values = arrays[array].slice();
  values[index] += step;
  for (const other of tied) values[other.index] += other.sign * step;
  return { ...parameters, [array]: values };
}

export const valueAt = (parameters: Parameters, { array, index }: Direction): number =>
  (parameters as unknown as Readonly<Record<string, Float64Array>>)[array][index];

/**
 * How far `parameters` lie from the maximum of `objective` along a direction, in units of the step over which it falls by 1/2 (a
 * standard error, where the objective is a log-likelihood): by a parabola through points a hundredth of that away.
 */
export function distanceToMaximum(
  objective: (parameters: Parameters) => number,
  parameters: Parameters,
  direction: Direction,
): number {
  const here = objective(parameters);
  let step = 1e-4 * Math.max(1e-3, Math.abs(valueAt(parameters, direction)));
  for (let round = 0; round < 4; round++) {
    const curvature = curve(objective, parameters, direction, step, here).curvature;
    if (!(curvature < 0)) return Number.NaN;
    step = 0.01 / Math.sqrt(-curvature);
  }
  const { slope, curvature } = curve(objective, parameters, direction, step, here);
  return slope / Math.sqrt(-curvature);
}

function curve(
  objective: (parameters: Parameters) => number,
  parameters: Parameters,
  direction: Direction,
  step: number,
  here: number,
): { slope: number; curvature: number } {
  const up = objective(moved(parameters, direction, step)) - here;
  const down = objective(moved(parameters, direction, -step)) - here;
  return { slope: (up - down) / 2 / step, curvature: (up + down) / step / step };
}
