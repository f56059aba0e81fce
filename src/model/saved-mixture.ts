import type { Family } from '../families/family.ts';
import type { Block } from '../families/independent-block.ts';
import { FAMILY_NAMES, makeFamily } from '../families/registry.ts';
import { isBayesian, readBayesian } from './bayesian-json.ts';
import { fromScikitLearnBayesian, isScikitLearnBayesian } from './bayesian-scikit-learn.ts';
import { UNFITTED, type FitRecord } from './fit-record.ts';
import { FittedMixture } from './fitted-mixture.ts';
import { familyOf, fromPlainGaussian } from './gaussian-json.ts';
import { fromPlain, parseModel } from './json.ts';
import { fromScikitLearn, isScikitLearn } from './scikit-learn.ts';

/**
 * A mixture as JSON, of any family, for a fit that goes on from it. In a module that is fetched for it: it brings every family.
 * @param family the fit's: where it is the user's own, or has blocks that are, the saved mixture may be of those
 * @throws MixtureError INVALID_MODEL
 */
export function fromSaved(saved: unknown, family: Family): FittedMixture {
  const plain = parseModel(saved);
  const made = (of: Family, { parameters, nFeatures, record }: Read): FittedMixture =>
    new FittedMixture(of, parameters, nFeatures, { ...UNFITTED, ...record });
  if (isScikitLearnBayesian(plain)) {
    const read = fromScikitLearnBayesian(plain);
    return made(read.family, read);
  }
  if (isBayesian(plain)) {
    const read = readBayesian(plain);
    return made(read.family, read);
  }
  if (isScikitLearn(plain)) {
    const read = fromScikitLearn(plain);
    return made(familyOf(read), read);
  }
  if ('covarianceType' in plain) {
    const read = fromPlainGaussian(plain);
    return made(familyOf(read), read);
  }
  const read = fromPlain(plain, (name, settings) =>
    makeFamily(name, settings, ownFamilies(family)),
  );
  return made(read.family, read);
}

interface Read {
  readonly parameters: FittedMixture['given'];
  readonly nFeatures: number;
  readonly record: Partial<FitRecord>;
}

/** The family and its blocks' that the registry does not have. */
function ownFamilies(family: Family): Family[] {
  const { blocks = [] } = family as { readonly blocks?: readonly Block[] };
  return [family, ...blocks.map((block) => block.family)].filter(
    ({ name }) => !FAMILY_NAMES.includes(name),
  );
}
