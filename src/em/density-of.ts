import type { Standardisation } from '../data/standardisation.ts';
import type { Density, Family, Parameters } from '../families/family.ts';

interface Ahead {
  readonly family: Family;
  readonly standardisation: Standardisation;
  readonly density: Density;
}

const ahead = new WeakMap<Parameters, Ahead>();

/**
 * Computes `family.density` of parameters that the next E-step will ask for: with K full covariances it is half of what the host
 * does in an iteration.
 * @throws MixtureError COLLAPSED_COMPONENT, as the family does
 */
export function densityAhead(
  family: Family,
  parameters: Parameters,
  standardisation: Standardisation,
): void {
  const density = family.density(parameters, standardisation);
  ahead.set(parameters, { family, standardisation, density });
}

/**
 * `family.density`, which is taken, once, where it was computed ahead: a mixture's parameters may change between two calls.
 * @throws MixtureError COLLAPSED_COMPONENT, as the family does
 */
export function densityOf(
  family: Family,
  parameters: Parameters,
  standardisation: Standardisation,
): Density {
  const found = ahead.get(parameters);
  ahead.delete(parameters);
  return found?.family === family && found.standardisation === standardisation
    ? found.density
    : family.density(parameters, standardisation);
}
