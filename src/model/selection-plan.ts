import type { Dataset } from '../em/dataset.ts';
import { MixtureError } from '../errors.ts';
import type { Family } from '../families/family.ts';
import {
  COVARIANCE_TYPES,
  gaussianFamily,
  type CovarianceType,
} from '../families/gaussian-types.ts';
import type { FittedMixture } from './fitted-mixture.ts';
import { GaussianMixture } from './gaussian-mixture.ts';
import { Mixture } from './mixture.ts';
import { requireKnown, requireOneOf, requireScope } from './option-checks.ts';
import { COMMON_OPTIONS } from './options.ts';
import type {
  CandidateKind,
  Criterion,
  FamilySelectionOptions,
  GaussianSelectionOptions,
} from './selection.ts';

/** A checked selection: which mixtures, and how each is fitted. */
export interface SelectionPlan {
  readonly criterion: Criterion;
  readonly kinds: readonly CandidateKind[];
  /** For what it says of the samples' coordinates, which all kinds share. */
  readonly family: Family;
  fit(dataset: Dataset, kind: CandidateKind): Promise<FittedMixture>;
}

const CRITERIA: readonly Criterion[] = ['bic', 'aic', 'icl'];

/** Options that say something of one mixture, and why a selection of several refuses them. */
const REFUSED: Readonly<Record<string, string>> = {
  covarianceType: 'It is a list here: covarianceTypes.',
  weightsInit: 'Each candidate finds its own start: choose by initParams, nInit and seed.',
  labelsInit: 'Each candidate finds its own start: choose by initParams, nInit and seed.',
  responsibilitiesInit: 'Each candidate finds its own start: choose by initParams, nInit and seed.',
  meansInit: 'Each candidate finds its own start: choose by initParams, nInit and seed.',
  covariancesInit: 'Each candidate finds its own start: choose by initParams, nInit and seed.',
  precisionsInit: 'Each candidate finds its own start: choose by initParams, nInit and seed.',
  parametersInit: 'Each candidate finds its own start: choose by initParams, nInit and seed.',
  componentPriors: 'Their rows are for one number of components.',
  warmStart: 'Fit that number of components by itself, and compare its bic().',
};

/** @throws MixtureError INVALID_OPTION */
export function planSelection(
  options: GaussianSelectionOptions | FamilySelectionOptions,
): SelectionPlan {
  if (typeof options !== 'object' || options === null) {
    throw invalid('The selection has no options.', 'Pass at least { nComponents: [1, 2, 3] }.');
  }
  requireScope(options);
  const own = options.family === undefined ? ['covarianceTypes', 'fixedCovariance'] : [];
  const known = [...COMMON_OPTIONS, 'criterion', 'onProgress', 'family', 'regCovar', ...own];
  const given = options as unknown as Readonly<Record<string, unknown>>;
  for (const [name, hint] of Object.entries(REFUSED)) {
    if (given[name] === undefined) continue;
    throw invalid(`${name} is for a fit of one mixture, and this selects among several.`, hint, {
      option: name,
    });
  }
  // (both together have an error of their own)
  const { covarianceTypes: _both, ...named } = given;
  requireKnown(
    named,
    known.filter((name) => !Object.hasOwn(REFUSED, name)),
    'nComponents: [1, 2, 3]',
  );
  const {
    nComponents,
    criterion = 'bic',
    covarianceTypes,
    family,
    onProgress: _,
    ...rest
  } = options;
  const { sampleWeights: _weights, context: _context, ...settings } = rest;
  checkSizes(nComponents);
  requireOneOf('criterion', criterion, CRITERIA);
  checkLabels(options.labels, nComponents);
  if (family !== undefined) {
    if (typeof family !== 'object' || (family as unknown) === null) {
      throw invalid(
        `family is ${family === null ? 'null' : `a ${typeof family}`}.`,
        'Give what poisson(), bernoulli() and the like return, or leave it out for Gaussian mixtures.',
        { option: 'family' },
      );
    }
    if (covarianceTypes !== undefined) {
      throw invalid(
        'Both covarianceTypes and family are given.',
        'Give covarianceTypes for Gaussian mixtures, or a family; gaussian({ covarianceType }) is one too.',
      );
    }
    return {
      criterion,
      kinds: nComponents.map((K) => ({ nComponents: K, covarianceType: undefined })),
      family,
      fit: (dataset, kind) =>
        Mixture.fit(dataset, {
          ...(settings as FamilySelectionOptions),
          family,
          nComponents: kind.nComponents,
        }),
    };
  }
  return planGaussians(
    settings as GaussianSelectionOptions,
    criterion,
    nComponents,
    covarianceTypes,
  );
}

function planGaussians(
  settings: GaussianSelectionOptions,
  criterion: Criterion,
  nComponents: readonly number[],
  covarianceTypes: readonly CovarianceType[] = ['full'],
): SelectionPlan {
  checkList('covarianceTypes', covarianceTypes, "['full', 'diag']");
  for (const type of covarianceTypes) requireOneOf('covarianceTypes', type, COVARIANCE_TYPES);
  const { fixedCovariance, ...common } = settings;
  if (fixedCovariance !== undefined && !covarianceTypes.includes('fixed')) {
    throw invalid(
      "fixedCovariance was given, but covarianceTypes has no 'fixed'.",
      "Add 'fixed' to covarianceTypes, or leave fixedCovariance out.",
    );
  }
  return {
    criterion,
    kinds: covarianceTypes.flatMap((covarianceType) =>
      nComponents.map((K) => ({ nComponents: K, covarianceType })),
    ),
    family: gaussianFamily(covarianceTypes[0], fixedCovariance),
    fit: (dataset, kind) =>
      GaussianMixture.fit(dataset, {
        ...common,
        ...(kind.covarianceType === 'fixed' && { fixedCovariance }),
        covarianceType: kind.covarianceType,
        nComponents: kind.nComponents,
      }),
  };
}

/** Labels are of every candidate. */
function checkLabels(labels: unknown, nComponents: readonly number[]): void {
  if (typeof labels !== 'object' || labels === null) return;
  let most = -1;
  for (const label of Array.from(labels as ArrayLike<number>)) most = Math.max(most, label);
  const least = Math.min(...nComponents);
  if (most < least) return;
  throw invalid(
    `labels has the label ${most}, but nComponents begins at ${least}.`,
    `Compare ${most + 1} components and more.`,
    { option: 'labels', label: most, nComponents: least },
  );
}

function checkSizes(nComponents: readonly number[]): void {
  if (typeof nComponents === 'number') {
    throw invalid(
      `nComponents is one number, ${String(nComponents)}: there is nothing to choose from.`,
      'Give a list of those to try, such as [1, 2, 3, 4].',
      { option: 'nComponents', value: nComponents },
    );
  }
  checkList('nComponents', nComponents, '[1, 2, 3, 4]');
  const odd = nComponents.findIndex((K) => !Number.isInteger(K) || K < 1);
  if (odd >= 0) {
    throw invalid(
      `nComponents must be whole numbers, at least 1, but element ${odd} is ${String(nComponents[odd])}.`,
      'Give a list such as [1, 2, 3, 4].',
      { option: 'nComponents', index: odd, value: nComponents[odd] },
    );
  }
}

function checkList(name: string, values: readonly unknown[], example: string): void {
  if (!Array.isArray(values) || values.length === 0) {
    const what = Array.isArray(values) ? 'is empty' : `is no list, but ${String(values)}`;
    throw invalid(`${name} ${what}.`, `Give a list such as ${example}.`, { option: name });
  }
  const twice = values.findIndex((value, i) => values.indexOf(value) < i);
  if (twice >= 0) {
    throw invalid(
      `${name} has ${String(values[twice])} twice.`,
      'Name each once: the same seed gives the same mixture.',
      { option: name, value: values[twice] },
    );
  }
}

function invalid(message: string, hint: string, details: Record<string, unknown> = {}) {
  return new MixtureError('INVALID_OPTION', message, hint, details);
}
