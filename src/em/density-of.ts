import type { Standardisation } from '../data/standardisation.ts';
import type { Density, Family, Parameters } from '../families/family.ts';

interface Found {
  readonly family: Family;
  readonly standardisation: Standardisation;
  readonly density: Density;
}

const last = new WeakMap<Parameters, Found>();

/**
 * `family.density`, computed once where the loop checks new parameters and the E-step after it uses them: with K full covariances
 * it is half of what the host does in an iteration. Parameters are never written to once they are handed on.
 * @throws MixtureError COLLAPSED_COMPONENT, as the family does
 */
export function densityOf(
  family: Family,
  parameters: Parameters,
  standardisation: Standardisation,
): Density {
  const found = last.get(parameters);
  if (found?.family === family && found.standardisation === standardisation) return found.density;
  const density = family.density(parameters, standardisation);
  last.set(parameters, { family, standardisation, density });
  return density;
}
