import type { Steps } from '../data/pause.ts';
import type { Standardisation } from '../data/standardisation.ts';
import { MixtureError } from '../errors.ts';
import { cholesky } from './cholesky.ts';
import type { Prior, PriorColumns, PriorProblem } from './family.ts';
import {
  columnCovariances,
  columnMeans,
  findColumnCovariances,
  findColumnMeans,
  findMeanColumnVariance,
  meanColumnVariance,
} from './gaussian-column-moments.ts';
import { checkPriorKeys, type PriorOption } from './prior-numbers.ts';

/**
 * The conjugate prior of Fraley and Raftery (2007), in mclust's convention (mixtures.md): means given covariances are normal
 * about `mean` with covariance S / kappa, covariances inverse Wishart (or inverse gamma) of `dof` degrees of freedom and `scale`.
 */
export interface GaussianPrior {
  /** Shrinkage, >= 0: how many samples at `mean` it is worth. */
  readonly kappa: number;
  /** D. */
  readonly mean: Float64Array;
  readonly dof: number;
  /** D x D, or one variance, or (fixed covariances) nothing: see `PriorScale`. */
  readonly scale: Float64Array;
}

/** What a family's `scale` is: a matrix where features have covariances, a variance where not, nothing where they are fixed. */
export type PriorScale = 'matrix' | 'variance' | 'none';

const KEYS: Readonly<Record<PriorScale, readonly string[]>> = {
  matrix: ['kappa', 'mean', 'dof', 'scale'],
  variance: ['kappa', 'mean', 'dof', 'scale'],
  none: ['kappa', 'mean'],
};

/**
 * Checks a prior and fills in mclust's defaults: kappa 0.01, mean the columns' means, dof D + 2, scale the columns' covariance
 * over K^(2/D) ('matrix') or the mean of their variances over K^(2/D) ('variance'), all with divisor n - 1.
 * @returns undefined for an object that says nothing of means and covariances
 */
export const readGaussianPrior =
  (kind: PriorScale) =>
  (prior: PriorOption, problem: PriorProblem): GaussianPrior | undefined => {
    const given = prior === 'mclust' ? {} : prior;
    checkPriorKeys(given, KEYS[kind], 'Gaussian prior');
    const some = Object.values(given).some((value) => value !== undefined);
    if (!some && prior !== 'mclust') return undefined;
    const { nComponents, nFeatures, samples, columns } = problem;
    const shrink = nComponents ** (-2 / nFeatures);
    return {
      kappa: readNumber(given, 'kappa', 0.01, 0, true),
      mean:
        given['mean'] === undefined
          ? (columns?.means ?? columnMeans(samples, problem.weights).means)
          : readNumbers(given['mean'], 'mean', [nFeatures]),
      dof: readNumber(given, 'dof', nFeatures + 2, kind === 'matrix' ? nFeatures - 1 : 0, false),
      scale: readScale(given['scale'], kind, problem, shrink),
    };
  };

/** `Family.findPriorColumns` of Gaussians: what `readGaussianPrior` takes of the samples. */
export const findGaussianColumns = (kind: PriorScale) =>
  function* find(prior: PriorOption, { samples, weights }: PriorProblem): Steps<PriorColumns> {
    const given: Exclude<PriorOption, string> = prior === 'mclust' ? {} : (prior as never);
    const some = Object.values(given).some((value) => value !== undefined);
    if (!some && prior !== 'mclust') return {};
    const open = given['scale'] === undefined;
    return {
      ...(given['mean'] === undefined && {
        means: (yield* findColumnMeans(samples, weights)).means,
      }),
      ...(open &&
        kind === 'matrix' && { covariances: yield* findColumnCovariances(samples, weights) }),
      ...(open &&
        kind === 'variance' && { meanVariance: yield* findMeanColumnVariance(samples, weights) }),
    };
  };

/** The prior of a M-step's options: only Gaussian families look inside it. */
export const gaussianPrior = (prior: Prior): GaussianPrior | undefined =>
  prior as GaussianPrior | undefined;

/** The mean in standardised units. */
export function standardMean(
  { mean }: GaussianPrior,
  { means, scales }: Standardisation,
): Float64Array {
  return mean.map((value, d) => (value - means[d]) / scales[d]);
}

/** A matrix `scale` in standardised units, D x D. */
export function standardScale({ scale }: GaussianPrior, { scales }: Standardisation): Float64Array {
  const nFeatures = scales.length;
  return scale.map((value, i) => value / scales[Math.floor(i / nFeatures)] / scales[i % nFeatures]);
}

function readScale(
  given: unknown,
  kind: PriorScale,
  { nFeatures, samples, weights, columns }: PriorProblem,
  shrink: number,
): Float64Array {
  switch (kind) {
    case 'none':
      return new Float64Array(0);
    case 'variance':
      return Float64Array.of(
        given === undefined
          ? (columns?.meanVariance ?? meanColumnVariance(samples, weights)) * shrink
          : readNumber({ scale: given }, 'scale', 0, 0, false),
      );
    case 'matrix': {
      if (given === undefined) {
        const covariances = columns?.covariances ?? columnCovariances(samples, weights);
        return covariances.map((value) => value * shrink);
      }
      // one feature: a variance is a matrix
      const value = nFeatures === 1 && typeof given === 'number' ? [given] : given;
      const scale = readNumbers(value, 'scale', [nFeatures, nFeatures]);
      checkPositiveDefinite(scale, nFeatures, 'prior.scale');
      return scale;
    }
  }
}

/** @throws MixtureError INVALID_OPTION where a matrix given as `option` is not symmetric and positive definite */
export function checkPositiveDefinite(
  matrix: Float64Array,
  nFeatures: number,
  option: string,
): void {
  const refuse = (problem: string): MixtureError =>
    new MixtureError('INVALID_OPTION', `${option} ${problem}.`, `Correct ${option}.`, { option });
  for (let i = 0; i < nFeatures; i++) {
    for (let j = 0; j < i; j++) {
      const lower = matrix[i * nFeatures + j];
      const upper = matrix[j * nFeatures + i];
      if (Math.abs(lower - upper) > 1e-12 * Math.max(Math.abs(lower), Math.abs(upper))) {
        throw refuse(`is not symmetric: [${i}][${j}] is ${lower}, [${j}][${i}] ${upper}`);
      }
    }
  }
  const factor = cholesky(matrix, 0, nFeatures, new Float64Array(nFeatures));
  if (!(factor instanceof Float64Array)) {
    throw refuse(
      `is not positive definite: the pivot of feature ${factor.row} is ${factor.pivot.toPrecision(3)}`,
    );
  }
}

function readNumber(
  prior: Readonly<Record<string, unknown>>,
  key: string,
  fallback: number,
  lowest: number,
  closed: boolean,
): number {
  const value = prior[key] ?? fallback;
  const ok = typeof value === 'number' && (closed ? value >= lowest : value > lowest);
  if (ok && value < Infinity) return value;
  throw new MixtureError(
    'INVALID_OPTION',
    `prior.${key} must be a number ${closed ? 'of at least' : 'above'} ${lowest}, but is ${describe(value)}.`,
    `Leave prior.${key} out for mclust's default.`,
    { option: `prior.${key}`, value },
  );
}

/** Finite numbers, flat or nested by rows. */
export function readNumbers(
  given: unknown,
  key: string,
  shape: readonly number[],
  of = 'prior.',
): Float64Array {
  const length = shape.reduce((product, size) => product * size, 1);
  const option = `${of}${key}`;
  const refuse = (problem: string): MixtureError =>
    new MixtureError(
      'INVALID_OPTION',
      `${option} must be ${shape.join(' x ')} numbers, but ${problem}.`,
      'Give them flat and row-major, or as an array of rows.',
      { option },
    );
  if (!isArrayLike(given)) throw refuse(`is ${describe(given)}`);
  const flat = Array.from(given).flatMap((row) => (isArrayLike(row) ? Array.from(row) : [row]));
  if (flat.length !== length) throw refuse(`has ${flat.length}`);
  return Float64Array.from(flat, (value, i) => {
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw refuse(`number ${i} is ${describe(value)}`);
  });
}

const isArrayLike = (value: unknown): value is ArrayLike<unknown> =>
  typeof value === 'object' && value !== null && 'length' in value;

const describe = (value: unknown): string =>
  typeof value === 'object' && value !== null ? 'an object' : String(value);
