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
