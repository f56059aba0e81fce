import type { Density, Parameters } from './family.ts';

/** Means (K x D) and covariances (shape by family) of a Gaussian mixture. */
export interface GaussianParameters extends Parameters {
  readonly means: Float64Array;
  readonly covariances: Float64Array;
}

/** ln(pi_k p(x | theta_k)) = logConstants[k] - |whitening_k (z - means_k)|^2 / 2, in standardised units. */
export interface GaussianDensity extends Density {
  /** ln pi_k - D/2 ln 2 pi + ln |whitening_k| - sum ln scales: K. */
  readonly logConstants: Float64Array;
  /** K x D, the point about which the statistics are taken. */
  readonly means: Float64Array;
  /** Whitening numbers (family's own layout), `whiteningStride` a component; a stride of 0 means that all share one. */
  readonly whitening: Float64Array;
  readonly whiteningStride: number;
  /**
   * Where features are independent, what each adds to the component's constant, -ln(2 pi) / 2 + ln whitening - ln scale, laid
   * out as `whitening`: a missing entry takes its share of the constant with it.
   */
  readonly featureConstants?: Float64Array;
}
