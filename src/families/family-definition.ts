import { MixtureError } from '../errors.ts';
import type { Random } from '../data/random.ts';
import { FAMILY_NAMES } from './registry.ts';

/**
 * Numbers of eta or of T, S of them: `([eta]) => ...` takes the first. Where the type L tells how many there are, `eta` is a number
 * under TypeScript's noUncheckedIndexedAccess, too.
 */
export type Numbers<L extends readonly unknown[] = readonly number[]> = number extends L['length']
  ? Float64Array
  : Float64Array & { readonly [K in keyof L]: number };

/** Where a family of one's own has density: an interval of real numbers, or whole numbers; ends included. */
export interface SupportDefinition {
  /** Real numbers between the ends, or whole ones. */
  readonly kind: 'interval' | 'integers';
  /** -Infinity for an interval without a lower end. */
  readonly from: number;
  /** Infinity where there is no upper end. */
  readonly to: number;
}

/**
 * An exponential family of one's own, for one feature: p(x | eta) = h(x) exp(eta . T(x) - A(eta)), with S statistics.
 * docs/own-family.md builds two from start to finish. Handed to `defineFamily` as it is written, S and the number of names are
 * part of its type.
 */
export interface FamilyDefinition<
  N extends readonly number[] = readonly number[],
  P extends readonly string[] = readonly string[],
> {
  /** Letters, digits and hyphens; not one of the library's families. Saved models keep it. */
  readonly name: string;
  /** Values outside it are refused, and so are those where h is 0. */
  readonly support: SupportDefinition;
  /** Natural parameters (S numbers) of an ordinary member: where fits begin that have nothing else, and where the definition is checked. */
  readonly neutral: N;
  /**
   * T(x), S numbers.
   * @param x one value, of the support
   */
  readonly sufficientStatistics: (x: number) => ArrayLike<number>;
  /**
   * A(eta); Infinity or NaN outside the natural parameter space.
   * @param natural eta, S numbers
   */
  readonly logPartition: (natural: Numbers<N>) => number;
  /**
   * ln h(x); left out where h is 1. -Infinity where h is 0.
   * @param x one value, of the support
   */
  readonly logBaseMeasure?: (x: number) => number;
  /**
   * eta of the member whose mean of T is `mean`, the inverse of grad A: the M-step, which hands it S_k / N_k. NaN where there is
   * none (all samples alike, ...): the component collapses.
   * @param mean S numbers
   */
  readonly meanToNatural: (mean: Numbers<N>) => ArrayLike<number>;
  /**
   * grad A(eta), the mean of T; left out, it is taken from A by differences (it only centres the device's sums).
   * @param natural eta, S numbers
   */
  readonly naturalToMean?: (natural: Numbers<N>) => ArrayLike<number>;
  /** WGSL with `fn sufficient_statistics(x: f32) -> array<f32, S>`, the twin of `sufficientStatistics`. */
  readonly wgsl: string;
  /** Parameters in the field's terms, an array of K x D numbers each, instead of `naturalParameters` (K x D x S). */
  readonly parameters?: {
    /** Different words, as `mixture.parameters` has them. */
    readonly names: P;
    /**
     * One number for each name.
     * @param natural eta, S numbers
     */
    readonly fromNatural: (natural: Numbers<N>) => ArrayLike<number>;
    /**
     * S numbers.
     * @param values one number for each name
     */
    readonly toNatural: (values: Numbers<P>) => ArrayLike<number>;
  };
  /**
   * One draw, from natural parameters; without it `sample()` is refused.
   * @param natural eta, S numbers
   * @param random the source of chance: take from no other, so that a seed repeats
   */
  readonly sample?: (
    natural: Numbers<N>,
    random: Pick<Random, 'uniform' | 'normal' | 'integer'>,
  ) => number;
  /**
   * E[x], from natural parameters: what `impute` fills in. May be left out where T_0(x) = x.
   * @param natural eta, S numbers
   */
  readonly mean?: (natural: Numbers<N>) => number;
}

const KEYS = [
  'name',
  'support',
  'neutral',
  'sufficientStatistics',
  'logPartition',
  'logBaseMeasure',
  'meanToNatural',
  'naturalToMean',
  'wgsl',
  'parameters',
  'sample',
  'mean',
] as const satisfies readonly (keyof FamilyDefinition)[];
const PARAMETER_KEYS = ['names', 'fromNatural', 'toNatural'];
const SUPPORT_KEYS = ['kind', 'from', 'to'];

/** Names that parameters may not take: the mixture's own. */
const TAKEN_PARAMETERS = ['weights', 'parameters'];

export function invalid(name: string, problem: string, hint: string): MixtureError {
  return new MixtureError('INVALID_OPTION', `The family ${name}: ${problem}.`, hint, {
    family: name,
  });
}

/** Whether it is an object, and has no key but these. */
function checkKeys(given: unknown, what: string, known: readonly string[]): void {
  const hint = `Give { ${known.join(', ')} }: see docs/own-family.md.`;
  if (typeof given !== 'object' || given === null) {
    const found = given === null ? 'null' : typeof given;
    throw new MixtureError('INVALID_OPTION', `${what} needs an object; it got ${found}.`, hint, {
      option: what,
    });
  }
  const odd = Object.keys(given).find((key) => !known.includes(key));
  if (odd === undefined) return;
  throw new MixtureError('INVALID_OPTION', `${what} has no "${odd}".`, hint, { option: odd });
}

/** Everything about a definition that can be told without computing: names, kinds, lengths, the WGSL's signature. */
export function checkForm(definition: FamilyDefinition): void {
  checkKeys(definition, 'defineFamily', KEYS);
  const { name, support, neutral, parameters, wgsl } = definition;
  if (typeof name !== 'string' || !/^[A-Za-z][\w-]*$/.test(name)) {
    throw new MixtureError(
      'INVALID_OPTION',
      `A family's name must begin with a letter and go on with letters, digits, _ and -; it is ${JSON.stringify(name)}.`,
      'Give defineFamily({ name: "rayleigh", ... }).',
      { option: 'name' },
    );
  }
  if (FAMILY_NAMES.includes(name) || name.startsWith('gaussian')) {
    throw invalid(name, 'the library has a family of this name', 'Choose another name.');
  }
  if (parameters !== undefined) checkKeys(parameters, `${name}.parameters`, PARAMETER_KEYS);
  checkFunctions(definition);
  checkSupport(name, support);
  if (!Array.isArray(neutral) || neutral.length === 0 || !neutral.every(Number.isFinite)) {
    throw invalid(
      name,
      'neutral must be an array of finite natural parameters, one for each statistic',
      'Give those of an ordinary member, [-0.5] or so.',
    );
  }
  const length = `(${neutral.length}u?|STATISTICS)`;
  const signature = String.raw`fn\s+sufficient_statistics\s*\(\s*\w+\s*:\s*f32\s*,?\s*\)\s*->\s*array\s*<\s*f32\s*,\s*${length}\s*>`;
  if (typeof wgsl !== 'string' || !new RegExp(signature).test(wgsl)) {
    throw invalid(
      name,
      `wgsl must declare fn sufficient_statistics(x: f32) -> array<f32, ${neutral.length}>`,
      'neutral has one number for each statistic; write their twin in WGSL with that signature.',
    );
  }
  if (parameters === undefined) return;
  const { names } = parameters;
  const proper =
    Array.isArray(names) &&
    names.length > 0 &&
    new Set(names).size === names.length &&
    names.every((key) => typeof key === 'string' && /^[A-Za-z]\w*$/.test(key)) &&
    !names.some((key) => TAKEN_PARAMETERS.includes(key));
  if (!proper) {
    throw invalid(
      name,
      `parameters.names must be different words, none of them ${TAKEN_PARAMETERS.join(' or ')}`,
      'Give names such as ["sigmas"].',
    );
  }
}

function checkFunctions(definition: FamilyDefinition): void {
  const { name, parameters } = definition;
  const functions: Record<string, unknown> = {
    sufficientStatistics: definition.sufficientStatistics,
    logPartition: definition.logPartition,
    meanToNatural: definition.meanToNatural,
    ...(parameters && {
      'parameters.fromNatural': parameters.fromNatural,
      'parameters.toNatural': parameters.toNatural,
    }),
  };
  for (const key of ['logBaseMeasure', 'naturalToMean', 'sample', 'mean'] as const) {
    if (definition[key] !== undefined) functions[key] = definition[key];
  }
  for (const [key, value] of Object.entries(functions)) {
    if (typeof value === 'function') continue;
    throw invalid(
      name,
      `${key} must be a function; it is ${typeof value}`,
      'See docs/own-family.md.',
    );
  }
}

function checkSupport(name: string, support: SupportDefinition): void {
  if (typeof support === 'object' && support !== null) {
    checkKeys(support, `${name}.support`, SUPPORT_KEYS);
  }
  const { kind, from, to } = support ?? {};
  const ends = typeof from === 'number' && typeof to === 'number' && from < to;
  const proper =
    kind === 'interval'
      ? ends
      : kind === 'integers' &&
        ends &&
        Number.isSafeInteger(from) &&
        (to === Infinity || Number.isSafeInteger(to));
  if (proper) return;
  throw invalid(
    name,
    "support must be { kind: 'interval' | 'integers', from, to } with from < to, and whole ends (the first finite) for integers",
    "Give { kind: 'interval', from: 0, to: Infinity } for the positive numbers.",
  );
}
