import { MixtureError } from '../errors.ts';
import { bernoulli } from './bernoulli.ts';
import { categorical } from './categorical.ts';
import { exponential } from './exponential.ts';
import type { Family } from './family.ts';
import { gaussian } from './gaussian-factory.ts';
import { geometric } from './geometric.ts';
import { independent, independentFromSettings } from './independent.ts';
import { multinomial } from './multinomial.ts';
import { poisson } from './poisson.ts';

type Settings = Readonly<Record<string, unknown>>;

/** Every family by name, made from the settings that it was saved with: one line each. */
const families: Readonly<Record<string, (settings: Settings, own: readonly Family[]) => Family>> = {
  'gaussian-full': (settings) => gaussian({ ...settings, covarianceType: 'full' }),
  'gaussian-tied': (settings) => gaussian({ ...settings, covarianceType: 'tied' }),
  'gaussian-diag': (settings) => gaussian({ ...settings, covarianceType: 'diag' }),
  'gaussian-spherical': (settings) => gaussian({ ...settings, covarianceType: 'spherical' }),
  'gaussian-tied-diag': (settings) => gaussian({ ...settings, covarianceType: 'tied-diag' }),
  'gaussian-tied-spherical': (settings) =>
    gaussian({ ...settings, covarianceType: 'tied-spherical' }),
  'gaussian-fixed': (settings) => gaussian({ ...settings, covarianceType: 'fixed' }),
  bernoulli: (settings) => bernoulli(settings),
  categorical: (settings) => categorical(settings),
  multinomial: (settings) => multinomial(settings),
  poisson: (settings) => poisson(settings),
  exponential: (settings) => exponential(settings),
  geometric: (settings) => geometric(settings),
  independent: (settings, own) =>
    independentFromSettings(settings, (name, block) => requireFamily(name, block, own)),
};

/** Names that a user's own family cannot have. */
export const FAMILY_NAMES: readonly string[] = Object.keys(families);

/** The family of a saved model; undefined where the name is none of the library's. @param own the user's families */
export function makeFamily(
  name: string,
  settings: Settings,
  own: readonly Family[],
): Family | undefined {
  const defined = own.find((family) => family.name === name);
  return defined ?? (Object.hasOwn(families, name) ? families[name](settings, own) : undefined);
}

function requireFamily(name: string, settings: Settings, own: readonly Family[]): Family {
  const family = makeFamily(name, settings, own);
  if (family) return family;
  throw new MixtureError(
    'INVALID_MODEL',
    `The model has a block of the family ${name}, which is none of this library.`,
    'Pass the family: Mixture.fromJSON(json, { families: [yourFamily] }).',
    { family: name },
  );
}

/** One of each family, their open settings given: for checks that go through all of them. */
export function exampleFamilies(): Family[] {
  const { independent: _made, categorical: _open, ...others } = families;
  return [
    ...Object.values(others).map((make) => make({}, [])),
    categorical(5),
    independent({
      count: poisson(2),
      wait: exponential(),
      failures: geometric(),
      flags: bernoulli(3),
      kind: categorical(6),
      size: gaussian(2),
    }),
  ];
}
