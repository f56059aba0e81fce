import type { CovarianceType } from '../index.ts';
import { UsageError } from './errors.ts';
import { FAMILIES } from './families.ts';
import type { FamilyName } from './families.ts';
import type { FamilyOptions } from './fit-job.ts';
import { choice, choices, nonNegative, numberList, oneOrMore, wholeNumber } from './values.ts';

/** Options of the components and of priors on them. */
export const PARAMETER_OPTIONS = {
  covariance: { type: 'string' },
  'covariance-type': { type: 'string' },
  'fixed-covariance': { type: 'string' },
  'reg-covar': { type: 'string' },
  'n-categories': { type: 'string' },
  prior: { type: 'string' },
  alpha: { type: 'string' },
  a: { type: 'string' },
  b: { type: 'string' },
  concentration: { type: 'string' },
  kappa: { type: 'string' },
  dof: { type: 'string' },
  'prior-mean': { type: 'string' },
  scale: { type: 'string' },
} as const;

type OptionName = keyof typeof PARAMETER_OPTIONS;
export type ParameterValues = { readonly [Name in OptionName]?: string | undefined };

const ALL = FAMILIES;
const GAUSSIAN = ['gaussian'] as const;
const WITH_A_AND_B = ['bernoulli', 'geometric', 'poisson', 'exponential'] as const;

/** Which families an option says something of. */
const BELONGS_TO: Readonly<Record<OptionName, readonly FamilyName[]>> = {
  covariance: GAUSSIAN,
  'covariance-type': GAUSSIAN,
  'fixed-covariance': GAUSSIAN,
  'reg-covar': GAUSSIAN,
  'n-categories': ['categorical'],
  prior: GAUSSIAN,
  alpha: ALL,
  a: WITH_A_AND_B,
  b: WITH_A_AND_B,
  concentration: ['categorical', 'multinomial'],
  kappa: GAUSSIAN,
  dof: GAUSSIAN,
  'prior-mean': GAUSSIAN,
  scale: GAUSSIAN,
};

const COVARIANCES = [
  'full',
  'tied',
  'diag',
  'spherical',
  'tied-diag',
  'tied-spherical',
  'fixed',
] as const;

/** What the options say of the components; one covariance type, or several to choose from. */
export interface ReadFamilyOptions extends Omit<FamilyOptions, 'covarianceType'> {
  readonly covarianceTypes?: CovarianceType[] | undefined;
}

export function readFamily(text: string | undefined): FamilyName {
  return choice('--family', text, FAMILIES) ?? 'gaussian';
}

/** The options of one family. Throws UsageError for one that says nothing of it. */
export function familyOptions(family: FamilyName, values: ParameterValues): ReadFamilyOptions {
  for (const [name, owners] of Object.entries(BELONGS_TO) as [OptionName, FamilyName[]][]) {
    if (values[name] === undefined || owners.includes(family)) continue;
    throw new UsageError(
      `--${name} says nothing of a ${family} mixture.`,
      `It belongs to --family ${owners.join(', ')}.`,
    );
  }
  const prior = readPrior(values);
  switch (family) {
    case 'gaussian':
      return { ...gaussianOptions(values), prior };
    case 'categorical':
      return { nCategories: nCategories(values['n-categories']), prior };
    case 'bernoulli':
    case 'multinomial':
    case 'poisson':
    case 'exponential':
    case 'geometric':
      return { prior };
  }
}

function gaussianOptions(values: ParameterValues): ReadFamilyOptions {
  const covarianceTypes = choices(
    '--covariance',
    values['covariance-type'] ?? values.covariance,
    COVARIANCES,
  );
  const fixed = values['fixed-covariance'];
  if (fixed !== undefined && !covarianceTypes?.includes('fixed')) {
    throw new UsageError(
      '--fixed-covariance needs --covariance fixed.',
      'Add it, or leave --fixed-covariance out.',
    );
  }
  return {
    covarianceTypes,
    fixedCovariance:
      fixed === undefined || fixed === 'identity'
        ? fixed
        : numberList('--fixed-covariance', fixed, -Infinity),
    regCovar: nonNegative('--reg-covar', values['reg-covar']),
  };
}

/** One number for all columns, or one a column. */
function nCategories(text: string | undefined): FamilyOptions['nCategories'] {
  if (text === undefined) return undefined;
  const counts = text.split(',').map((word) => wholeNumber('--n-categories', word, 1)!);
  return counts.length === 1 ? counts[0] : counts;
}

/** The prior that the options describe; undefined without any, for maximum likelihood. */
function readPrior(values: ParameterValues): FamilyOptions['prior'] {
  const named = choice('--prior', values.prior, ['mclust']);
  const priorMean = values['prior-mean'];
  const given = {
    alpha: oneOrMore('--alpha', values.alpha, 0),
    a: oneOrMore('--a', values.a, 0),
    b: oneOrMore('--b', values.b, 0),
    concentration: oneOrMore('--concentration', values.concentration, 0),
    kappa: nonNegative('--kappa', values.kappa),
    dof: nonNegative('--dof', values.dof),
    mean: priorMean === undefined ? undefined : numberList('--prior-mean', priorMean, -Infinity),
    scale: oneOrMore('--scale', values.scale, -Infinity),
  };
  const prior: Record<string, number | number[]> = {};
  for (const [name, value] of Object.entries(given)) if (value !== undefined) prior[name] = value;
  const isEmpty = Object.keys(prior).length === 0;
  if (named === undefined) return isEmpty ? undefined : prior;
  // mclust's shrinkage, by name, brings all its other defaults along.
  return isEmpty ? named : { kappa: 0.01, ...prior };
}
