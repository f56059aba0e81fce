import { roundingCorrection } from './device-layout.ts';
import type { PackedDensity, UnpackedStatistics } from './device-twin.ts';
import type { GaussianDensity } from './gaussian.ts';

/** Moments of whitened residuals y = (z - m) / sigma, K x D each. */
export interface DiagonalSums {
  readonly componentMass: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly observed: Float64Array | undefined;
}

/** S1 = sigma sum y, S2 = sigma^2 sum y^2, in float64. */
export function unpackDiagonal(
  { componentMass, first, second, observed }: DiagonalSums,
  packed: PackedDensity<GaussianDensity>,
): UnpackedStatistics {
  const { density, rounded } = packed;
  const { nComponents, nFeatures, whitening, whiteningStride, means } = rounded;
  const out = new Float64Array(nComponents * 2 * nFeatures);
  let logLikelihoodCorrection = 0;
  for (let k = 0; k < nComponents; k++) {
    logLikelihoodCorrection += roundingCorrection(packed, k, componentMass[k]);
    for (let d = 0; d < nFeatures; d++) {
      const i = k * nFeatures + d;
      const w = k * whiteningStride + d;
      const deviation = 1 / whitening[w];
      out[k * 2 * nFeatures + d] = first[i] * deviation;
      out[k * 2 * nFeatures + nFeatures + d] = second[i] * deviation * deviation;
      // y' = ratio y + shift is the exact residual: what sum gamma y'^2 has beyond sum gamma y^2
      const ratio = density.whitening[w] * deviation;
      const shift = (means[i] - density.means[i]) * density.whitening[w];
      const mass = observed ? observed[i] : componentMass[k];
      const change =
        (ratio * ratio - 1) * second[i] + shift * (2 * ratio * first[i] + mass * shift);
      logLikelihoodCorrection -= 0.5 * change;
      // missing entries took the rounded share of the constant with them
      const constants = density.featureConstants![w] - rounded.featureConstants![w];
      logLikelihoodCorrection -= (componentMass[k] - mass) * constants;
    }
  }
  return {
    statistics: { nComponents, componentMass, sums: out, origin: means, observed },
    logLikelihoodCorrection,
  };
}
