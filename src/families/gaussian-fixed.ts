import type { Standardisation } from '../data/standardisation.ts';
import { MixtureError } from '../errors.ts';
import type { GaussianFamily } from './gaussian-common.ts';
import { fixedLogPrior } from './gaussian-full-prior.ts';
import { newMeans } from './gaussian-means.ts';
import {
  checkPositiveDefinite,
  findGaussianColumns,
  readGaussianPrior,
  readNumbers,
} from './gaussian-prior.ts';
import { wholeMasses } from './gaussian-scatter.ts';
import { gaussianTied } from './gaussian-tied.ts';
import { gaussianTiedDiag } from './gaussian-tied-diag.ts';
import { weightsFromMass } from './statistics.ts';

/** D x D numbers in the user's units, flat and row-major or as rows; or the unit matrix. */
export type FixedCovariance = 'identity' | ArrayLike<number> | readonly ArrayLike<number>[];

/**
 * Gaussian whose covariance is given, in the user's units, the same for all components, and never updated: only means and
 * weights are fitted, and regCovar is not added. A prior is of the means alone, normal about `mean` with covariance S / kappa:
 * mu_k = (N_k xbar_k + kappa mean) / (N_k + kappa).
 * A diagonal covariance computes as the tied diagonal family does, any other as the tied one.
 * @param covariance a `FixedCovariance`, checked here
 * @throws MixtureError INVALID_OPTION where the covariance is not square, symmetric and positive definite
 */
export function gaussianFixed(covariance: unknown): GaussianFamily {
  const matrix = covariance === 'identity' ? undefined : readMatrix(covariance);
  const size = matrix && Math.sqrt(matrix.length);
  const diagonal = !matrix || matrix.every((value, i) => value === 0 || i % (size! + 1) === 0);
  const base = diagonal ? gaussianTiedDiag : gaussianTied;
  /** D x D, in the user's units. */
  const inUnits = (nFeatures: number): Float64Array => matrix ?? identity(nFeatures);
  const standardised = ({ scales }: Standardisation): Float64Array => {
    const nFeatures = scales.length;
    const own = inUnits(nFeatures);
    return diagonal
      ? scales.map((scale, d) => own[d * (nFeatures + 1)] / scale / scale)
      : own.map((value, i) => value / scales[Math.floor(i / nFeatures)] / scales[i % nFeatures]);
  };
  return {
    ...base,
    name: 'gaussian-fixed',
    settings: { fixedCovariance: matrix ? Array.from(matrix) : 'identity' },
    covarianceShape: (_nComponents, nFeatures) => [nFeatures, nFeatures],
    covarianceParameters: () => 0,
    checkParameters({ covariances }, nFeatures) {
      const own = inUnits(nFeatures);
      const same = (value: number, i: number): boolean =>
        Math.abs(value - own[i]) <= 1e-9 * Math.abs(own[i]);
      return own.length === covariances.length && covariances.every(same)
        ? undefined
        : 'the covariance must be the fixed one';
    },
    invert: (covariances, nComponents, nFeatures) =>
      gaussianTied.invert(covariances, nComponents, nFeatures),
    precisionsCholesky: (covariances, nComponents, nFeatures) =>
      gaussianTied.precisionsCholesky(covariances, nComponents, nFeatures),

    // oxlint-disable-next-line require-yield
    *resolve(samples) {
      if (size !== undefined && size !== samples.nFeatures) {
        throw new MixtureError(
          'INVALID_OPTION',
          `The fixed covariance is ${size} x ${size}, but the samples have ${samples.nFeatures} features.`,
          'Give nFeatures x nFeatures numbers.',
          { option: 'fixedCovariance', nFeatures: samples.nFeatures },
        );
      }
      return this;
    },

    standardise(parameters, standardisation) {
      const covariances = new Float64Array(0);
      const { weights, means } = base.standardise({ ...parameters, covariances }, standardisation);
      return { weights, means, covariances: standardised(standardisation) };
    },
    restore(parameters, standardisation) {
      const { weights, means } = base.restore(parameters, standardisation);
      return { weights, means, covariances: inUnits(standardisation.scales.length).slice() };
    },

    mStep(given, _previous, options) {
      // what is missing was skipped (diagonal), or filled in by its conditional moments
      const statistics = diagonal ? given : wholeMasses(given);
      return {
        weights: weightsFromMass(statistics.componentMass),
        means: newMeans(statistics, options).means,
        covariances: standardised(options.standardisation),
      };
    },
    readPrior: readGaussianPrior('none'),
    findPriorColumns: findGaussianColumns('none'),
    logPrior: fixedLogPrior,

    prepareDraws(parameters, nFeatures) {
      if (!diagonal) return base.prepareDraws(parameters, nFeatures);
      const covariances = Float64Array.from(
        { length: nFeatures },
        (_, d) => parameters.covariances[d * (nFeatures + 1)],
      );
      return base.prepareDraws({ ...parameters, covariances }, nFeatures);
    },
  };
}

function readMatrix(covariance: unknown): Float64Array {
  const given = covariance as ArrayLike<unknown> | null | undefined;
  const rows = given?.length ?? 0;
  const nested = rows > 0 && typeof given![0] === 'object';
  const size = Math.max(1, nested ? rows : Math.round(Math.sqrt(rows)));
  const matrix = readNumbers(covariance, 'fixedCovariance', [size, size], '');
  checkPositiveDefinite(matrix, size, 'fixedCovariance');
  return matrix;
}

function identity(nFeatures: number): Float64Array {
  const matrix = new Float64Array(nFeatures * nFeatures);
  for (let d = 0; d < nFeatures; d++) matrix[d * (nFeatures + 1)] = 1;
  return matrix;
}
