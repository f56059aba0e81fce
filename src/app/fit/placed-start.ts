import { GaussianMixture } from '../../index.ts';
import type { Context, Dataset } from '../../index.ts';
import type { Frame } from './frame.ts';
import { isCommon, withParameters } from './parameters.ts';
import type { FitSettings } from './settings.ts';

/**
 * A start at given means, K x D: weights equal, every covariance that of all samples, which a mixture of one component has after one
 * iteration.
 */
export async function placedStart(
  dataset: Dataset,
  means: Float64Array,
  { covarianceType, regCovar }: FitSettings,
  { context, signal }: { context: Context; signal: AbortSignal },
): Promise<Frame> {
  const whole = await GaussianMixture.fit(dataset, {
    nComponents: 1,
    covarianceType,
    regCovar,
    maxIter: 1,
    context,
    signal,
  });
  const nComponents = means.length / dataset.nFeatures;
  const one = whole.covariances;
  const covariances = new Float64Array(one.length * (isCommon(covarianceType) ? 1 : nComponents));
  for (let at = 0; at < covariances.length; at += one.length) covariances.set(one, at);
  const weights = new Float64Array(nComponents).fill(1 / nComponents);
  return {
    iteration: 0,
    restart: 0,
    by: 'placed',
    lowerBound: -Infinity,
    change: NaN,
    milliseconds: 0,
    converged: false,
    mixture: withParameters(whole, { weights, means, covariances }),
  };
}
