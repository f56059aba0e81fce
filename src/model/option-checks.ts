import { MixtureError } from '../errors.ts';

/** @throws MixtureError INVALID_OPTION where there are no options, or one that is not known: a misspelt one is as good as none */
export function requireKnown(options: object, names: readonly string[], needed: string): void {
  if (typeof options !== 'object' || options === null) {
    throw new MixtureError(
      'INVALID_OPTION',
      'The fit has no options.',
      `Pass at least { ${needed} }.`,
    );
  }
  const known = new Set(names);
  for (const name of Object.keys(options)) {
    if (known.has(name)) continue;
    const camel = name.replace(/_+([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const hint = known.has(camel)
      ? `Here it is called ${camel}.`
      : `Options are: ${[...known].join(', ')}.`;
    throw new MixtureError('INVALID_OPTION', `There is no option ${name}.`, hint, { option: name });
  }
}

/** @throws MixtureError INVALID_OPTION */
export function requireNumber(name: string, value: unknown, least: number, whole: boolean): void {
  const ok =
    typeof value === 'number' &&
    Number.isFinite(value) &&
    value >= least &&
    (!whole || Number.isInteger(value));
  if (ok) return;
  const kind = whole ? 'a whole number' : 'a finite number';
  const range = least === -Infinity ? '' : `, at least ${least}`;
  throw new MixtureError(
    'INVALID_OPTION',
    `${name} must be ${kind}${range}, but is ${String(value)}.`,
    `Correct ${name}.`,
    {
      option: name,
      value,
    },
  );
}

/**
 * What every long call takes beside its own options: functions, an AbortSignal, a context of `createContext`. Left out is left out.
 * @throws MixtureError INVALID_OPTION
 */
export function requireScope(options: object): void {
  const given = options as Readonly<Record<string, unknown>>;
  for (const name of ['onIteration', 'onProgress', 'onContextInfo']) {
    if (given[name] === undefined || given[name] === null) continue;
    if (typeof given[name] !== 'function') throw odd(name, given[name], 'a function');
  }
  const can = (value: unknown, method: string): boolean =>
    typeof (value as Readonly<Record<string, unknown>>)[method] === 'function';
  const { signal, context } = given;
  if (signal !== undefined && signal !== null && !can(signal, 'throwIfAborted')) {
    throw odd('signal', signal, 'an AbortSignal');
  }
  if (context !== undefined && context !== null && !can(context, 'assertUsable')) {
    throw odd('context', context, 'what createContext() gave');
  }
}

const odd = (name: string, value: unknown, wanted: string): MixtureError =>
  new MixtureError(
    'INVALID_OPTION',
    `${name} is ${typeof value === 'object' ? 'another object' : `a ${typeof value}`}.`,
    `It must be ${wanted}, or left out.`,
    { option: name },
  );

/**
 * A class of fitted models has no constructor for callers: whoever comes from scikit-learn tries it first.
 * @throws MixtureError INVALID_OPTION
 */
export function requireFitted<T>(value: T | undefined, name: string): T {
  if (value !== undefined) return value;
  throw new MixtureError(
    'INVALID_OPTION',
    `new ${name}() makes nothing: there is no unfitted ${name}.`,
    `Use await ${name}.fit(samples, options), or ${name}.fromJSON(json).`,
  );
}

/**
 * Restart r has the seed `seed` + r: whole numbers that stay apart when added to.
 * @throws MixtureError INVALID_OPTION
 */
export function requireSeed(seed: unknown, nInit: number): void {
  requireNumber('seed', seed, -Infinity, true);
  if (Number.isSafeInteger(seed) && Number.isSafeInteger((seed as number) + nInit)) return;
  throw new MixtureError(
    'INVALID_OPTION',
    `seed is ${String(seed)}, too large for the seeds after it to differ.`,
    'Use a whole number up to 2^53.',
    { option: 'seed', value: seed },
  );
}

/** @throws MixtureError INVALID_OPTION */
export function requireBoolean(name: string, value: unknown): void {
  if (typeof value === 'boolean') return;
  throw new MixtureError(
    'INVALID_OPTION',
    `${name} must be true or false, but is ${String(value)}.`,
    `Correct ${name}.`,
    { option: name, value },
  );
}

/** @throws MixtureError INVALID_OPTION */
export function requireOneOf(name: string, value: string, allowed: readonly string[]): void {
  if (allowed.includes(value)) return;
  throw new MixtureError(
    'INVALID_OPTION',
    `${name} is ${String(value)}.`,
    `Use one of ${allowed.map((word) => `'${word}'`).join(', ')}.`,
    { option: name, value, allowed },
  );
}
