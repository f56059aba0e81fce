import { atOnce, type Steps } from '../data/pause.ts';
import { MixtureError } from '../errors.ts';

/** Numbers in nested arrays, or flat in row-major order. */
export type NumberArray = ArrayLike<number> | readonly NumberArray[];

/**
 * Checks and copies an array of a known shape, nested or flat, to float64.
 * @throws MixtureError with `code`, naming the array, the shape expected and what was found
 */
export function readArray(...given: Parameters<typeof readingArray>): Float64Array {
  return atOnce(readingArray(...given));
}

/** `readArray` in steps: for arrays with a row a sample. */
export function* readingArray(
  value: unknown,
  shape: readonly number[],
  name: string,
  code: 'INVALID_OPTION' | 'INVALID_MODEL',
): Steps<Float64Array> {
  const size = shape.reduce((product, length) => product * length, 1);
  const out = new Float64Array(size);
  const flat = isArrayLike(value) && (value.length === 0 || typeof value[0] === 'number');
  const count = flat ? value.length : size;
  const wrong = (found: string): MixtureError =>
    new MixtureError(
      code,
      `${name} should have the shape (${shape.join(', ')}), but ${found}.`,
      `Give ${name} as nested arrays of that shape, or flat with ${size} numbers, row by row.`,
      { name, shape },
    );
  if (flat) {
    if (count !== size) throw wrong(`has ${count} numbers`);
    for (let i = 0; i < size; i++) {
      if (i % 1024 === 1023) yield;
      out[i] = toNumber(value[i], name, i, code);
    }
    return out;
  }
  let at = 0;
  const walk = function* (part: unknown, depth: number): Steps<void> {
    if (depth === shape.length) {
      if (isArrayLike(part)) throw wrong('is nested deeper');
      out[at] = toNumber(part, name, at, code);
      at++;
      return;
    }
    if (!isArrayLike(part)) throw wrong(`is no array at depth ${depth}`);
    if (part.length !== shape[depth]) throw wrong(`has length ${part.length} at depth ${depth}`);
    for (let i = 0; i < part.length; i++) yield* walk(part[i], depth + 1);
    yield;
  };
  yield* walk(value, 0);
  return out;
}

/** Flat numbers as nested arrays of the given shape. */
export function nest(values: Float64Array, shape: readonly number[]): unknown[] {
  if (shape.length === 1) return Array.from(values);
  const step = values.length / shape[0];
  return Array.from({ length: shape[0] }, (_, i) =>
    nest(values.subarray(i * step, (i + 1) * step), shape.slice(1)),
  );
}

function isArrayLike(value: unknown): value is ArrayLike<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { length?: unknown }).length === 'number'
  );
}

function toNumber(
  value: unknown,
  name: string,
  index: number,
  code: 'INVALID_OPTION' | 'INVALID_MODEL',
): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new MixtureError(
      code,
      `${name} holds ${String(value)} at position ${index}.`,
      'Every entry must be a finite number.',
      {
        name,
        index,
        value,
      },
    );
  }
  return value;
}

/**
 * N x K numbers >= 0 whose rows sum to 1.
 * @throws MixtureError INVALID_OPTION naming sample and component
 */
export function* readResponsibilities(
  value: NumberArray,
  nSamples: number,
  nComponents: number,
  name: string,
): Steps<Float64Array> {
  const rows = yield* readingArray(value, [nSamples, nComponents], name, 'INVALID_OPTION');
  for (let n = 0; n < nSamples; n++) {
    let sum = 0;
    if (n % 256 === 255) yield;
    for (let k = 0; k < nComponents; k++) {
      const share = rows[n * nComponents + k];
      if (share < 0) {
        throw new MixtureError(
          'INVALID_OPTION',
          `${name} is ${share} at sample ${n}, component ${k}.`,
          'Give numbers from 0 to 1.',
          { sample: n, component: k },
        );
      }
      sum += share;
    }
    if (Math.abs(sum - 1) > 1e-6) {
      throw new MixtureError(
        'INVALID_OPTION',
        `The responsibilities of sample ${n} sum to ${sum}.`,
        'Each row must sum to 1.',
        { sample: n, sum },
      );
    }
  }
  return rows;
}
