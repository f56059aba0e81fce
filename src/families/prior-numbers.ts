import { MixtureError } from '../errors.ts';
import type { Prior } from './family.ts';

/** A prior option (without `alpha`) as the user gave it. */
export type PriorOption = Readonly<Record<string, unknown>> | string;

/** @throws MixtureError INVALID_OPTION where the prior is a word, or has a key that is none of `keys` */
export function checkPriorKeys(
  prior: PriorOption,
  keys: readonly string[],
  kind: string,
): asserts prior is Readonly<Record<string, unknown>> {
  const hint = `Pass prior: { ${keys.join(', ')} }, and alpha for the mixture's weights.`;
  if (typeof prior === 'string') {
    throw new MixtureError('INVALID_OPTION', `The ${kind} has no prior "${prior}".`, hint, {
      option: 'prior',
    });
  }
  for (const key of Object.keys(prior)) {
    if (keys.includes(key)) continue;
    throw new MixtureError('INVALID_OPTION', `The ${kind} has no "${key}".`, hint, {
      option: `prior.${key}`,
    });
  }
}

/**
 * A number, or `length` of them, of the prior: as `length` numbers.
 * @param lowest they must be above it, or at it where `closed`
 * @throws MixtureError INVALID_OPTION
 */
export function priorNumbers(
  prior: Readonly<Record<string, unknown>>,
  key: string,
  length: number,
  fallback: number,
  closed = false,
): Float64Array {
  const given = prior[key];
  if (given === undefined) return new Float64Array(length).fill(fallback);
  const bound = closed ? 'at least 0' : 'above 0';
  const shape = `a number, or ${length} of them`;
  const refuse = (problem: string): MixtureError =>
    new MixtureError(
      'INVALID_OPTION',
      `prior.${key} must be ${shape}, ${bound}; ${problem}.`,
      'Leave it out for no prior on these parameters.',
      { option: `prior.${key}` },
    );
  if (typeof given === 'number') {
    if (!allowed(given, closed)) throw refuse(`it is ${given}`);
    return new Float64Array(length).fill(given);
  }
  if (typeof given !== 'object' || given === null || !('length' in given)) {
    throw refuse(`it is of type ${typeof given}`);
  }
  const values = Array.from(given as ArrayLike<unknown>);
  if (values.length !== length) throw refuse(`it has ${values.length}`);
  return Float64Array.from(values, (value, i) => {
    if (typeof value !== 'number' || !allowed(value, closed)) {
      throw refuse(`element ${i} is ${String(value)}`);
    }
    return value;
  });
}

const allowed = (value: number, closed: boolean): boolean =>
  Number.isFinite(value) && (closed ? value >= 0 : value > 0);

/** c ln x with 0 ln 0 = 0: no evidence, no cost. */
export const timesLog = (factor: number, x: number): number =>
  factor === 0 ? 0 : factor * Math.log(x);

/**
 * The error for a prior (and data) under which the posterior has no maximum inside the parameter space.
 * @param excess the pseudo-count that falls below 0 (or the total that is not above it)
 */
export function noMode(
  what: string,
  component: number,
  feature: number | undefined,
  reason: string,
  hint: string,
): MixtureError {
  const where = feature === undefined ? '' : `, feature ${feature}`;
  return new MixtureError(
    'NO_MODE',
    `The posterior of ${what} of component ${component}${where} has no mode inside the parameter space: ${reason}.`,
    hint,
    { component, ...(feature === undefined ? {} : { feature }) },
  );
}

/** What a family without a conjugate prior answers. */
export function refusePrior(prior: PriorOption, kind: string): Prior {
  const keys = typeof prior === 'string' ? [prior] : Object.keys(prior);
  if (keys.length === 0) return undefined;
  throw new MixtureError(
    'INVALID_OPTION',
    `The ${kind} has no prior on its parameters, but got ${keys.join(', ')}.`,
    'Only alpha, on the weights, may be given.',
    { option: 'prior' },
  );
}
