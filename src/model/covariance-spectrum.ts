import { covarianceEigenvalues } from '../families/eigenvalues.ts';
import type { Family, Parameters } from '../families/family.ts';
import type { GaussianFamily } from '../families/gaussian-common.ts';
import type { GaussianParameters } from '../families/gaussian.ts';

/** How a component's covariance lies, in the user's units squared. */
export interface CovarianceSpectrum {
  /** 0 where float64 cannot tell the covariance from a singular one. */
  readonly smallestEigenvalue: number;
  /** In the user's units squared, as the smallest. */
  readonly largestEigenvalue: number;
  /** Largest by smallest eigenvalue; Infinity where the smallest is 0. It depends on the units of the columns. */
  readonly conditionNumber: number;
}

/**
 * The spectrum of each component's covariance, K; shared ones are found once.
 * @returns undefined for families without covariances
 */
export async function covarianceSpectra(
  family: Family,
  parameters: Parameters,
  nFeatures: number,
  pause: () => Promise<void> | undefined,
): Promise<readonly CovarianceSpectrum[] | undefined> {
  if (!('covarianceShape' in family)) return undefined;
  const gaussian = family as GaussianFamily;
  const { weights, covariances } = parameters as GaussianParameters;
  const nComponents = weights.length;
  const shape = gaussian.covarianceShape(nComponents, nFeatures);
  const shared = shape.join() === gaussian.covarianceShape(nComponents + 1, nFeatures).join();
  const isMatrix = shape.length === (shared ? 2 : 3);
  const parts = shared ? 1 : nComponents;
  const size = covariances.length / parts;
  const spectra: CovarianceSpectrum[] = [];
  for (let k = 0; k < parts; k++) {
    const part = covariances.subarray(k * size, (k + 1) * size);
    const values = isMatrix
      ? await covarianceEigenvalues(part, nFeatures, pause)
      : part.toSorted((x, y) => x - y);
    const smallestEigenvalue = values[0];
    const largestEigenvalue = values.at(-1)!;
    const conditionNumber = largestEigenvalue / smallestEigenvalue;
    spectra.push({ smallestEigenvalue, largestEigenvalue, conditionNumber });
  }
  return weights.length === parts ? spectra : Array.from(weights, () => spectra[0]);
}
