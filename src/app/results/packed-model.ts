import type { CovarianceType, GaussianMixture } from '../../index.ts';
import { isCommon, mixtureOf, slice } from '../fit/parameters.ts';
import type { Parameters } from '../fit/parameters.ts';

/** Rows of numbers, as an address holds a model: a row a component, its weight, mean and covariance; one covariance of all is a row of its own. */
export type PackedModel = readonly (readonly number[])[];

/** Significant digits: of small models nine, as EM near a saddle makes a difference grow; more where a covariance needs them to be positive definite. */
const DIGITS = [6, 9, 13, 17];
const SMALL = 100;

/** @returns undefined where no number of digits gives a model that can be read */
export function pack(mixture: GaussianMixture): PackedModel | undefined {
  const { covarianceType, nFeatures, means, covariances } = mixture;
  const isSmall = means.length + covariances.length <= SMALL;
  for (const digits of DIGITS.slice(isSmall ? 1 : 0)) {
    const rows = packed(mixture, digits);
    if (unpack(rows, covarianceType, nFeatures)) return rows;
  }
  return undefined;
}

/** Means in rows, K x D. */
export function packMeans({ nComponents, nFeatures, means }: GaussianMixture): PackedModel {
  return Array.from({ length: nComponents }, (_, k) =>
    rounded(slice(means, k, nFeatures), DIGITS[1]),
  );
}

/** @returns undefined where the rows are no model of that type with so many features */
export function unpack(
  rows: PackedModel,
  type: CovarianceType,
  nFeatures: number,
): Parameters | undefined {
  const common = isCommon(type);
  const nComponents = rows.length - (common ? 1 : 0);
  const stored = storedLength(type, nFeatures);
  const head = 1 + nFeatures;
  const fits = rows.every((row, k) => {
    if (k === nComponents) return row.length === stored;
    return row.length === (common ? head : head + stored);
  });
  if (!fits || nComponents < 1) return undefined;
  const own = rows.slice(0, nComponents);
  const total = own.reduce((sum, [weight]) => sum + weight, 0);
  const covariances = common ? [rows[nComponents]] : own.map((row) => row.slice(head));
  const parameters = {
    weights: Float64Array.from(own, ([weight]) => weight / total),
    means: Float64Array.from(own.flatMap((row) => row.slice(1, head))),
    covariances: Float64Array.from(covariances.flatMap((one) => whole(one, type, nFeatures))),
  };
  try {
    mixtureOf(type, nFeatures, parameters);
    return parameters;
  } catch {
    // (it says no more than that these numbers are no model)
    return undefined;
  }
}

function packed(
  { covarianceType, nComponents, nFeatures, weights, means, covariances }: GaussianMixture,
  digits: number,
): PackedModel {
  const common = isCommon(covarianceType);
  const length = common ? covariances.length : covariances.length / nComponents;
  const stored = (k: number) => half(slice(covariances, k, length), covarianceType, nFeatures);
  const rows = Array.from({ length: nComponents }, (_, k) =>
    rounded([weights[k], ...slice(means, k, nFeatures), ...(common ? [] : stored(k))], digits),
  );
  return common ? [...rows, rounded(stored(0), digits)] : rows;
}

function rounded(values: ArrayLike<number>, digits: number): number[] {
  return Array.from(values, (value) => Number(value.toPrecision(digits)));
}

function isMatrix(type: CovarianceType): boolean {
  return type === 'full' || type === 'tied' || type === 'fixed';
}

/** Of a symmetric matrix the upper half is written. */
function storedLength(type: CovarianceType, n: number): number {
  if (isMatrix(type)) return (n * (n + 1)) / 2;
  return type === 'diag' || type === 'tied-diag' ? n : 1;
}

function half(stored: Float64Array, type: CovarianceType, n: number): number[] {
  if (!isMatrix(type)) return [...stored];
  return [...stored].filter((_, at) => at % n >= Math.floor(at / n));
}

function whole(given: readonly number[], type: CovarianceType, n: number): number[] {
  if (!isMatrix(type)) return [...given];
  const at = (i: number, j: number) => (i * (2 * n - i + 1)) / 2 + (j - i);
  return Array.from({ length: n * n }, (_, entry) => {
    const [i, j] = [Math.floor(entry / n), entry % n];
    return given[at(Math.min(i, j), Math.max(i, j))];
  });
}
