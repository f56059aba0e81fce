import type { CovarianceType, GaussianMixture, InitParams } from '../../index.ts';
import type { SourceData } from '../data/source-data.ts';

/** All that a program needs to make the mixture that is shown again. */
export interface Recipe {
  readonly data: SourceData;
  readonly backend: 'webgpu' | 'cpu';
  readonly settings: {
    readonly covarianceType: CovarianceType;
    readonly initParams: InitParams;
    /** Of the first restart. */
    readonly seed: number;
    readonly nInit: number;
    readonly regCovar: number;
    readonly tol: number;
    readonly maxIter: number;
  };
  readonly mixture: GaussianMixture;
  /** The parameters that EM went on from, where they are no start of the library's: placed or changed by hand, or loaded. */
  readonly start: GaussianMixture | undefined;
  /** The restart shown, from 0. */
  readonly restart: number;
  /** Of EM from the start, or from `start`. */
  readonly iterations: number;
  /** Whether it is what the whole fit gave: the end of its best restart. */
  readonly isResult: boolean;
}

/** Options of `GaussianMixture.fit`, as the program writes them; plain numbers, strings and nested arrays. */
export type PlainOptions = Readonly<Record<string, unknown>>;

/** The library's own defaults, which a program need not say. */
const LIBRARY = { nInit: 1, regCovar: 1e-6 };

/** The options that lead to the mixture shown. */
export function fitOptions({
  settings,
  mixture,
  start,
  restart,
  iterations,
  isResult,
}: Recipe): PlainOptions {
  const { initParams, seed, nInit, regCovar, tol, maxIter } = settings;
  const { nComponents, covarianceType } = mixture;
  const ended = isResult && !(start && nInit > 1);
  const common = {
    nComponents,
    covarianceType,
    ...(regCovar !== LIBRARY.regCovar && { regCovar }),
    tol,
    maxIter: ended ? maxIter : iterations,
  };
  if (start) return { ...common, ...startOptions(start) };
  // restart r of several is the only one from the seed r further
  return ended
    ? { ...common, initParams, seed, ...(nInit !== LIBRARY.nInit && { nInit }) }
    : { ...common, initParams, seed: seed + restart };
}

function startOptions(start: GaussianMixture): PlainOptions {
  const { covarianceType, weights, means, covariances } = start.toJSON();
  const given = { weightsInit: weights, meansInit: means };
  return covarianceType === 'fixed'
    ? { ...given, fixedCovariance: covariances }
    : { ...given, covariancesInit: covariances };
}
