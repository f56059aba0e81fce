import { MixtureError } from '../../index.ts';
import type { GaussianMixture } from '../../index.ts';
import { cholesky } from './linear.ts';
import { isCommon, storedOf, wholeOf, withParameters } from './parameters.ts';

/** A component changed by hand; what is left out stays. */
export interface Edit {
  readonly component: number;
  /** D, in the samples' units. */
  readonly mean?: Float64Array | undefined;
  /**
   * D x D, in the samples' units squared. Of 'diag' its diagonal is taken, of 'spherical' the mean of its diagonal; of the tied types
   * it becomes every component's.
   */
  readonly covariance?: Float64Array | undefined;
}

/** The mixture after the edit. @throws MixtureError INVALID_OPTION saying what is wrong with it */
export function edited(mixture: GaussianMixture, edit: Edit): GaussianMixture {
  const { nComponents, nFeatures, covarianceType, weights } = mixture;
  const { component, mean, covariance } = edit;
  if (!Number.isInteger(component) || component < 0 || component >= nComponents) {
    throw new MixtureError(
      'INVALID_OPTION',
      `There is no component ${component}.`,
      `Components are numbered from 0 to ${nComponents - 1}.`,
      { component, nComponents },
    );
  }
  const means = mixture.means.slice();
  const covariances = mixture.covariances.slice();
  if (mean) {
    requireNumbers('mean', mean, nFeatures, component);
    means.set(mean, component * nFeatures);
  }
  if (covariance) {
    requireNumbers('covariance', covariance, nFeatures * nFeatures, component);
    if (covarianceType === 'fixed') {
      throw new MixtureError(
        'INVALID_OPTION',
        'The covariance is fixed and cannot be changed by hand.',
        'Choose another covariance type first.',
        { component },
      );
    }
    const stored = storedOf(symmetric(covariance, nFeatures, component), covarianceType);
    if (!cholesky(wholeOf(stored, nFeatures), nFeatures)) throw indefinite(component);
    covariances.set(stored, isCommon(covarianceType) ? 0 : component * stored.length);
  }
  return withParameters(mixture, { weights, means, covariances });
}

/** The same, or undefined once `refuse` was told what is wrong. */
export function editedOr(
  mixture: GaussianMixture,
  edit: Edit,
  refuse: (error: MixtureError) => void,
): GaussianMixture | undefined {
  try {
    return edited(mixture, edit);
  } catch (error) {
    if (!(error instanceof MixtureError)) throw error;
    refuse(error);
    return undefined;
  }
}

function requireNumbers(
  what: string,
  values: Float64Array,
  length: number,
  component: number,
): void {
  if (values.length === length && values.every(Number.isFinite)) return;
  throw new MixtureError(
    'INVALID_OPTION',
    `The ${what} of component ${component} should be ${length} finite numbers, but is [${Array.from(values.subarray(0, 8)).join(', ')}${values.length > 8 ? ', ...' : ''}].`,
    'Give a number for each.',
    { component, length },
  );
}

/** Its symmetric part, where it is that up to rounding. */
function symmetric(matrix: Float64Array, n: number, component: number): Float64Array {
  const even = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const [above, below] = [matrix[i * n + j], matrix[j * n + i]];
      const size = Math.sqrt(Math.abs(matrix[i * n + i] * matrix[j * n + j]));
      if (Math.abs(above - below) > 1e-6 * size) throw indefinite(component);
      even[i * n + j] = (above + below) / 2;
    }
  }
  return even;
}

function indefinite(component: number): MixtureError {
  return new MixtureError(
    'INVALID_OPTION',
    `The covariance of component ${component} would not be symmetric and positive definite.`,
    'Give variances above 0, and correlations between −1 and 1.',
    { component },
  );
}
