import type { InitParams } from '../em/starts.ts';
import { MixtureError } from '../errors.ts';
import type { Parameters } from '../families/family.ts';
import { gaussianFamilies, type CovarianceType } from '../families/registry.ts';
import type { Context } from '../gpu/context.ts';
import { readArray, type NumberArray } from './arrays.ts';
import type { FitStep } from './fit-record.ts';
import type { GaussianMixture } from './gaussian-mixture.ts';

/** Options of `GaussianMixture.fit` and `fitSteps`; names and defaults are scikit-learn's, in camelCase. */
export interface GaussianMixtureOptions {
  /** K >= 1. */
  readonly nComponents: number;
  /** Default `'full'`. */
  readonly covarianceType?: CovarianceType | undefined;
  /** Converged when the lower bound per sample changes by less. Default 1e-3. */
  readonly tol?: number | undefined;
  /** Default 100; 0 returns the start. */
  readonly maxIter?: number | undefined;
  /** Added to every covariance's diagonal, in the user's units squared. Default 1e-6. */
  readonly regCovar?: number | undefined;
  /** Starts to try; the one with the best lower bound is kept. Default 1. */
  readonly nInit?: number | undefined;
  /** The same seed, data and device give the same mixture. Default 0. */
  readonly seed?: number | undefined;
  /** Default `'k-means++'`. */
  readonly initParams?: InitParams | undefined;
  /** K numbers in [0, 1] that sum to 1. */
  readonly weightsInit?: NumberArray | undefined;
  /** K x D. */
  readonly meansInit?: NumberArray | undefined;
  /** full K x D x D, tied D x D, diag K x D, spherical K. */
  readonly covariancesInit?: NumberArray | undefined;
  /** Inverse covariances, shaped likewise; give one of the two. */
  readonly precisionsInit?: NumberArray | undefined;
  /** A component (0 .. K - 1) for each sample; the start is one M-step from it. */
  readonly labelsInit?: ArrayLike<number> | undefined;
  /** N x K, rows sum to 1; the start is one M-step from it. */
  readonly responsibilitiesInit?: NumberArray | undefined;
  /** One weight >= 0 a sample; a weight of 2 is the sample twice. Default 1 each. */
  readonly sampleWeights?: ArrayLike<number> | undefined;
  /** Goes on from a fitted mixture, its lower bound included; other starts and nInit are ignored. */
  readonly warmStart?: GaussianMixture | undefined;
  /** Where to compute. Default: `createContext()` for the time of the fit. */
  readonly context?: Context | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called after every iteration; what it throws ends the fit. */
  readonly onIteration?: ((step: FitStep) => void) | undefined;
}

/** Options with their defaults, checked. */
export interface CheckedOptions {
  readonly nComponents: number;
  readonly covarianceType: CovarianceType;
  readonly tol: number;
  readonly maxIter: number;
  readonly regCovar: number;
  readonly nInit: number;
  readonly seed: number;
  readonly initParams: InitParams;
}

const KNOWN = new Set<keyof GaussianMixtureOptions>([
  'nComponents',
  'covarianceType',
  'tol',
  'maxIter',
  'regCovar',
  'nInit',
  'seed',
  'initParams',
  'weightsInit',
  'meansInit',
  'covariancesInit',
  'precisionsInit',
  'labelsInit',
  'responsibilitiesInit',
  'sampleWeights',
  'warmStart',
  'context',
  'signal',
  'onIteration',
]);
const INIT_PARAMS: readonly InitParams[] = ['k-means++', 'random_from_data', 'random'];

/** @throws MixtureError INVALID_OPTION naming option, range and value */
export function checkOptions(options: GaussianMixtureOptions): CheckedOptions {
  if (typeof options !== 'object' || options === null) {
    throw new MixtureError(
      'INVALID_OPTION',
      'The fit has no options.',
      'Pass at least { nComponents }.',
    );
  }
  for (const name of Object.keys(options)) {
    if (KNOWN.has(name as keyof GaussianMixtureOptions)) continue;
    const camel = name.replace(/_+([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const hint = KNOWN.has(camel as keyof GaussianMixtureOptions)
      ? `Here it is called ${camel}.`
      : `Options are: ${[...KNOWN].join(', ')}.`;
    throw new MixtureError('INVALID_OPTION', `There is no option ${name}.`, hint, { option: name });
  }
  const checked: CheckedOptions = {
    nComponents: options.nComponents,
    covarianceType: options.covarianceType ?? 'full',
    tol: options.tol ?? 1e-3,
    maxIter: options.maxIter ?? 100,
    regCovar: options.regCovar ?? 1e-6,
    nInit: options.nInit ?? 1,
    seed: options.seed ?? 0,
    initParams: options.initParams ?? 'k-means++',
  };
  requireNumber('nComponents', checked.nComponents, 1, true);
  requireNumber('tol', checked.tol, 0, false);
  requireNumber('maxIter', checked.maxIter, 0, true);
  requireNumber('regCovar', checked.regCovar, 0, false);
  requireNumber('nInit', checked.nInit, 1, true);
  requireNumber('seed', checked.seed, -Infinity, false);
  requireOneOf('covarianceType', checked.covarianceType, Object.keys(gaussianFamilies));
  requireOneOf('initParams', checked.initParams, INIT_PARAMS);
  if (options.covariancesInit && options.precisionsInit) {
    throw new MixtureError(
      'INVALID_OPTION',
      'Both covariancesInit and precisionsInit are given.',
      'Give one of the two: each is the inverse of the other.',
    );
  }
  return checked;
}

function requireNumber(name: string, value: unknown, least: number, whole: boolean): void {
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

function requireOneOf(name: string, value: string, allowed: readonly string[]): void {
  if (allowed.includes(value)) return;
  throw new MixtureError(
    'INVALID_OPTION',
    `${name} is ${String(value)}.`,
    `Use one of ${allowed.map((word) => `'${word}'`).join(', ')}.`,
    { option: name, value, allowed },
  );
}

/**
 * The parts of a start that the caller gave, copied, checked and in the user's units.
 * @throws MixtureError INVALID_OPTION
 */
export function readGivenStart(
  options: GaussianMixtureOptions,
  { nComponents, covarianceType }: CheckedOptions,
  nFeatures: number,
): Partial<Parameters> {
  const family = gaussianFamilies[covarianceType];
  const shape = family.covarianceShape(nComponents, nFeatures);
  const given: { -readonly [Name in keyof Parameters]?: Float64Array } = {};
  if (options.weightsInit !== undefined)
    given.weights = readWeights(options.weightsInit, nComponents);
  if (options.meansInit !== undefined) {
    given.means = readArray(
      options.meansInit,
      [nComponents, nFeatures],
      'meansInit',
      'INVALID_OPTION',
    );
  }
  for (const name of ['covariancesInit', 'precisionsInit'] as const) {
    if (options[name] === undefined) continue;
    const values = readArray(options[name], shape, name, 'INVALID_OPTION');
    if (covarianceType === 'full' || covarianceType === 'tied')
      checkSymmetric(values, nFeatures, name);
    // factorising is the test for positive definite, for covariances too
    const inverse = invertOrExplain(
      () => family.invert(values, nComponents, nFeatures),
      name,
      covarianceType,
    );
    given.covariances = name === 'covariancesInit' ? values : inverse;
  }
  return given;
}

function readWeights(value: unknown, nComponents: number): Float64Array {
  const weights = readArray(value, [nComponents], 'weightsInit', 'INVALID_OPTION');
  const least = Math.min(...weights);
  const most = Math.max(...weights);
  if (least < 0 || most > 1) {
    throw new MixtureError(
      'INVALID_OPTION',
      `weightsInit must lie in [0, 1], but goes from ${least} to ${most}.`,
      'Give mixing proportions.',
      { least, most },
    );
  }
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (Math.abs(sum - 1) > 1e-6) {
    throw new MixtureError(
      'INVALID_OPTION',
      `weightsInit must sum to 1, but sums to ${sum}.`,
      'Divide each by the sum.',
      { sum },
    );
  }
  return weights.map((weight) => weight / sum);
}

function checkSymmetric(values: Float64Array, n: number, name: string): void {
  for (let at = 0; at < values.length; at += n * n) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) {
        const a = values[at + i * n + j];
        const b = values[at + j * n + i];
        const size = Math.sqrt(Math.abs(values[at + i * n + i] * values[at + j * n + j]));
        if (Math.abs(a - b) > 1e-8 * size) {
          throw new MixtureError(
            'INVALID_OPTION',
            `${name} must be symmetric, but entries (${i}, ${j}) and (${j}, ${i}) of matrix ${at / (n * n)} are ${a} and ${b}.`,
            `Give symmetric, positive definite matrices.`,
            { name, matrix: at / (n * n), row: i, column: j },
          );
        }
      }
    }
  }
}

function invertOrExplain(
  invert: () => Float64Array,
  name: string,
  covarianceType: CovarianceType,
): Float64Array {
  try {
    return invert();
  } catch (error) {
    if (!(error instanceof MixtureError)) throw error;
    throw new MixtureError(
      'INVALID_OPTION',
      `${name} for covarianceType '${covarianceType}' must be ${covarianceType === 'diag' || covarianceType === 'spherical' ? 'positive' : 'positive definite'}: that of component ${String(error.details['component'])} is not.`,
      'Give variances above 0, or symmetric positive definite matrices.',
      error.details,
      error,
    );
  }
}

/** Labels as one-hot rows, or responsibilities row by row; undefined where neither is given. */
export function readPartition(
  { labelsInit, responsibilitiesInit }: GaussianMixtureOptions,
  nComponents: number,
  nSamples: number,
): ((n: number, row: Float64Array) => void) | undefined {
  if (labelsInit !== undefined) {
    if (labelsInit.length !== nSamples) {
      throw new MixtureError(
        'INVALID_OPTION',
        `labelsInit has ${labelsInit.length} labels for ${nSamples} samples.`,
        'Give one label a sample.',
      );
    }
    for (let n = 0; n < nSamples; n++) {
      const label = labelsInit[n];
      if (!Number.isInteger(label) || label < 0 || label >= nComponents) {
        throw new MixtureError(
          'INVALID_OPTION',
          `labelsInit gives sample ${n} the label ${label}.`,
          `Labels are whole numbers from 0 to ${nComponents - 1}.`,
          { sample: n, label },
        );
      }
    }
    return (n, row) => {
      row.fill(0);
      row[labelsInit[n]] = 1;
    };
  }
  if (responsibilitiesInit === undefined) return undefined;
  const rows = readArray(
    responsibilitiesInit,
    [nSamples, nComponents],
    'responsibilitiesInit',
    'INVALID_OPTION',
  );
  for (let n = 0; n < nSamples; n++) {
    let sum = 0;
    for (let k = 0; k < nComponents; k++) {
      const value = rows[n * nComponents + k];
      if (value < 0) {
        throw new MixtureError(
          'INVALID_OPTION',
          `responsibilitiesInit is ${value} at sample ${n}, component ${k}.`,
          'Give numbers from 0 to 1.',
          { sample: n, component: k },
        );
      }
      sum += value;
    }
    if (Math.abs(sum - 1) > 1e-6) {
      throw new MixtureError(
        'INVALID_OPTION',
        `The responsibilities of sample ${n} sum to ${sum}.`,
        'Each row must sum to 1.',
        { sample: n, sum },
      );
    }
  }
  return (n, row) => {
    for (let k = 0; k < nComponents; k++) row[k] = rows[n * nComponents + k]!;
  };
}
