import type { CovarianceType } from '../../src/index.ts';
import type { Fixture, FixtureParameters } from './fixtures.ts';
import { flat, variancesOf } from './numbers.ts';

/** Mixing proportions, means and covariances as flat arrays. */
export interface FlatParameters {
  readonly weights: ArrayLike<number>;
  readonly means: ArrayLike<number>;
  readonly covariances: ArrayLike<number>;
}

/** Largest differences, each in a unit that makes it comparable across data. */
export interface ParameterDifferences {
  /** Absolute. */
  weights: number;
  /** In standard deviations of the column. */
  means: number;
  /** In the component's own standard deviation along the feature: what "sigma" means for a mixture. */
  meansInSigma: number;
  /** Entry (i, j) as a share of sqrt(S_ii S_jj), the component's own. */
  covariances: number;
}

export const NO_DIFFERENCES: ParameterDifferences = {
  weights: 0,
  means: 0,
  meansInSigma: 0,
  covariances: 0,
};

/** Differences from a fixture's parameters, components whose shape is a convention left out. */
export function parameterDifferences(
  actual: FlatParameters,
  expected: FixtureParameters,
  fixture: Fixture,
  deviations: Float64Array,
): ParameterDifferences {
  return differences(
    actual,
    {
      weights: expected.weights,
      means: flat(expected.means),
      covariances: flat(expected.covariances),
    },
    fixture.covarianceType,
    deviations,
    fixture.conventional,
  );
}

/** Differences between any two mixtures of one shape. */
export function differences(
  actual: FlatParameters,
  expected: FlatParameters,
  type: CovarianceType,
  deviations: Float64Array,
  leftOut: readonly number[] = [],
): ParameterDifferences {
  const nComponents = expected.weights.length;
  const nFeatures = deviations.length;
  const variances = variancesOf(expected.covariances, type, nComponents, nFeatures);
  const perMatrix = nFeatures * nFeatures;
  const found = { ...NO_DIFFERENCES };
  for (let k = 0; k < nComponents; k++) {
    raise(found, 'weights', actual.weights[k] - expected.weights[k]);
    if (leftOut.includes(k)) continue;
    for (let d = 0; d < nFeatures; d++) {
      const i = k * nFeatures + d;
      const step = actual.means[i] - expected.means[i];
      raise(found, 'means', step / deviations[d]);
      raise(found, 'meansInSigma', step / Math.sqrt(variances[i]));
    }
  }
  if (actual.covariances.length !== expected.covariances.length) {
    throw new Error(
      `${actual.covariances.length} covariances, not ${expected.covariances.length}.`,
    );
  }
  for (let i = 0; i < expected.covariances.length; i++) {
    const component =
      type === 'tied' ? 0 : Math.floor(i / (expected.covariances.length / nComponents));
    if (type !== 'tied' && leftOut.includes(component)) continue;
    const step = actual.covariances[i] - expected.covariances[i];
    const matrix = type === 'full' || type === 'tied';
    const row = component * nFeatures + (matrix ? Math.floor((i % perMatrix) / nFeatures) : 0);
    const column = component * nFeatures + (i % nFeatures);
    const unit = matrix
      ? Math.sqrt(variances[row]) * Math.sqrt(variances[column])
      : expected.covariances[i];
    raise(found, 'covariances', step / unit);
  }
  return found;
}

/** The larger of the two in every respect. */
export function larger(a: ParameterDifferences, b: ParameterDifferences): ParameterDifferences {
  const result = { ...a };
  for (const name of Object.keys(b) as (keyof ParameterDifferences)[]) {
    raise(result, name, b[name]);
  }
  return result;
}

/** NaN stays: a comparison that ends in NaN must fail. */
function raise(into: ParameterDifferences, name: keyof ParameterDifferences, by: number): void {
  if (Number.isNaN(into[name])) return;
  if (!(Math.abs(by) <= into[name])) into[name] = Math.abs(by);
}
