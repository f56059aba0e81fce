import type { Density, Parameters } from './family.ts';
import { massTimes, type Statistics } from './statistics.ts';

/**
 * D independent features, each of exponential-family form, and K components of them:
 * ln p(x | k) = sum_d [eta_kd . T(x_d) - A_kd] + ln h(x).
 */
export interface ExponentialDensity extends Density {
  /** ln pi_k - sum_d A_kd: K. */
  readonly logConstants: Float64Array;
  /** S: how many statistics a feature has. */
  readonly nStatistics: number;
  /** eta, K x D x S; -Infinity where a T above 0 is impossible (with T = 0 it costs nothing: 0 times -Infinity is 0 here). */
  readonly natural: Float64Array;
  /** A, K x D. */
  readonly logPartitions: Float64Array;
  /** E_k[T], K x D x S, near enough: the point that the device's sums are about. */
  readonly means: Float64Array;
}

/** Writes T(x), S numbers, to `out` at `offset`. */
export type SufficientStatistics = (x: number, out: Float64Array, offset: number) => void;

/** ln(pi_k p(x | k)) - ln h(x) of one sample, and its weighted statistics; NaN in the sample is missing and left out of both. */
export function densityFunctions(sufficientStatistics: SufficientStatistics, nStatistics: number) {
  const t = new Float64Array(nStatistics);
  return {
    logDensity(density: ExponentialDensity, component: number, sample: Float64Array): number {
      const { nFeatures, natural, logPartitions } = density;
      let sum = density.logConstants[component];
      let i = component * nFeatures * nStatistics;
      for (let d = 0; d < nFeatures; d++, i += nStatistics) {
        const x = sample[d];
        if (x !== x) {
          sum += logPartitions[component * nFeatures + d];
          continue;
        }
        sufficientStatistics(x, t, 0);
        for (let s = 0; s < nStatistics; s++) if (t[s] !== 0) sum += natural[i + s] * t[s];
      }
      return sum;
    },
    /** Sums of a component: sum s gamma T, D x S. */
    accumulate(
      { nFeatures }: ExponentialDensity,
      component: number,
      weight: number,
      sample: Float64Array,
      _residual: Float64Array,
      sums: Float64Array,
    ): void {
      let i = component * nFeatures * nStatistics;
      for (let d = 0; d < nFeatures; d++, i += nStatistics) {
        const x = sample[d];
        if (x !== x) continue;
        sufficientStatistics(x, t, 0);
        for (let s = 0; s < nStatistics; s++) sums[i + s] += weight * t[s];
      }
    },
    expectedStatistics(
      { nComponents, nFeatures, means }: ExponentialDensity,
      { weights }: Parameters,
      mass: number,
    ): Statistics {
      const componentMass = weights.map((weight) => mass * weight);
      const length = nFeatures * nStatistics;
      return {
        nComponents,
        componentMass,
        sums: means.map((mean, i) => massTimes(componentMass[Math.floor(i / length)], mean)),
        origin: new Float64Array(0),
      };
    },
    expectedLogDensity(density: ExponentialDensity, statistics: Statistics): number {
      const { nComponents, nFeatures, natural, logPartitions } = density;
      const { componentMass, observed, sums } = statistics;
      let total = 0;
      for (let k = 0; k < nComponents; k++) {
        total += massTimes(componentMass[k], density.logConstants[k]);
        for (let d = 0, i = k * nFeatures; d < nFeatures; d++, i++) {
          if (observed) total += (componentMass[k] - observed[i]) * logPartitions[i];
        }
      }
      natural.forEach((eta, i) => {
        if (sums[i] !== 0) total += eta * sums[i];
      });
      return total;
    },
  };
}
