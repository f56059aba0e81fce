import { MixtureError } from '../errors.ts';
import type { Family, Support } from './family.ts';
import type { GaussianDensity, GaussianParameters } from './gaussian.ts';

/** A Gaussian family: one way to constrain the covariances. */
export interface GaussianFamily extends Family<GaussianParameters, GaussianDensity> {
  /** Shape of `covariances` in the user's units for K components of D features, and how many free numbers they hold. */
  covarianceShape(nComponents: number, nFeatures: number): number[];
  covarianceParameters(nComponents: number, nFeatures: number): number;
  /** Inverse of covariances given in the user's units (and of precisions: it is its own inverse). */
  invert(covariances: Float64Array, nComponents: number, nFeatures: number): Float64Array;
  /** precisions_cholesky_ in scikit-learn's layout from covariances in the user's units. */
  precisionsCholesky(
    covariances: Float64Array,
    nComponents: number,
    nFeatures: number,
  ): Float64Array;
}

const FINITE: Support = {
  description: 'the finite numbers',
  has: Number.isFinite,
  example: 0,
};

/** What all Gaussian families share. */
export const gaussianCommon = {
  settings: {},
  coordinates: 'standardised',
  support: FINITE,
  parameterShapes(this: GaussianFamily, nComponents: number, nFeatures: number) {
    return {
      means: [nComponents, nFeatures],
      covariances: this.covarianceShape(nComponents, nFeatures),
    };
  },
  freeParameters(this: GaussianFamily, nComponents: number, nFeatures: number) {
    return nComponents * nFeatures + this.covarianceParameters(nComponents, nFeatures);
  },
  checkParameters(this: GaussianFamily, parameters: GaussianParameters, nFeatures: number) {
    try {
      this.invert(parameters.covariances, parameters.weights.length, nFeatures);
    } catch (error) {
      if (!(error instanceof MixtureError)) throw error;
      const of =
        this.covarianceShape(2, nFeatures).join() === this.covarianceShape(1, nFeatures).join()
          ? 'the shared covariance'
          : `the covariance of component ${String(error.details['component'])}`;
      return `${of} is not positive definite`;
    }
    return undefined;
  },
  neutral(this: GaussianFamily, nComponents: number, nFeatures: number) {
    return this.narrow!(new Float64Array(nComponents * nFeatures), nComponents, nFeatures, 1);
  },
  origin: ({ means }: GaussianDensity) => means,
  expectation: ({ means }: GaussianParameters) => means,
} as const;
