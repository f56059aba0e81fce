import type { Standardisation } from '../data/standardisation.ts';
import { packedLength } from './cholesky.ts';
import type { Statistics } from './statistics.ts';

/** What first and second moments about `origin` are about another one, and in other units. */
export interface Moments {
  /** sum w (x - o') = sum w (x - o) + W (o - o'), and likewise the second moments; exact but for rounding. */
  recentre(statistics: Statistics, origin: Float64Array): Statistics;
  /** From standardised units to the user's (`back`), or the other way. */
  rescale(statistics: Statistics, standardisation: Standardisation, back: boolean): Statistics;
}

/**
 * Sums of a component: first moment (D), second moment a feature (D). A feature's mass is that of its observed entries.
 */
export const diagonalMoments: Moments = {
  recentre(statistics, origin) {
    const { nComponents, componentMass, observed } = statistics;
    const sums = statistics.sums.slice();
    const nFeatures = origin.length / nComponents;
    origin.forEach((to, i) => {
      const k = Math.floor(i / nFeatures);
      const first = i + k * nFeatures;
      const step = statistics.origin[i] - to;
      const mass = observed ? observed[i] : componentMass[k];
      const moved = sums[first] + mass * step;
      // s + step f + step f' with f' = f + W step: s + 2 step f + W step^2
      sums[first + nFeatures] += step * (sums[first] + moved);
      sums[first] = moved;
    });
    return { ...statistics, sums, origin };
  },
  rescale(statistics, standardisation, back) {
    const { nComponents } = statistics;
    const factors = factorsOf(standardisation, back);
    const sums = statistics.sums.map((sum, i) => {
      const factor = factors[i % factors.length];
      return Math.floor(i / factors.length) % 2 === 0 ? sum * factor : sum * factor * factor;
    });
    return {
      ...statistics,
      nComponents,
      sums,
      origin: originIn(statistics, standardisation, back),
    };
  },
};

/**
 * Sums of a component: first moment (D), second moments (lower triangle packed by rows). Missing entries were filled in by their
 * conditional moments, so that every feature's mass is the component's.
 */
export const triangularMoments: Moments = {
  recentre(statistics, origin) {
    const { nComponents, componentMass } = statistics;
    const sums = statistics.sums.slice();
    const nFeatures = origin.length / nComponents;
    const steps = origin.map((to, i) => statistics.origin[i] - to);
    for (let k = 0; k < nComponents; k++) {
      const own = k * nFeatures;
      const first = k * (nFeatures + packedLength(nFeatures));
      let second = first + nFeatures;
      for (let i = 0; i < nFeatures; i++) {
        const moved = sums[first + i] + componentMass[k] * steps[own + i];
        // s_ij + step_i f_j + step_j f'_i: the first moments of features up to i are not moved yet
        for (let j = 0; j <= i; j++, second++) {
          sums[second] += steps[own + i] * statistics.sums[first + j] + steps[own + j] * moved;
        }
        sums[first + i] = moved;
      }
    }
    return { ...statistics, sums, origin };
  },
  rescale(statistics, standardisation, back) {
    const { nComponents } = statistics;
    const factors = factorsOf(standardisation, back);
    const sums = statistics.sums.slice();
    let at = 0;
    for (let k = 0; k < nComponents; k++) {
      for (const factor of factors) sums[at++] *= factor;
      factors.forEach((factor, i) => {
        for (let j = 0; j <= i; j++) sums[at++] *= factor * factors[j];
      });
    }
    return { ...statistics, sums, origin: originIn(statistics, standardisation, back) };
  },
};

const factorsOf = ({ scales }: Standardisation, back: boolean): Float64Array =>
  back ? scales : scales.map((scale) => 1 / scale);

function originIn(
  { origin }: Statistics,
  { means, scales }: Standardisation,
  back: boolean,
): Float64Array {
  return origin.map((value, i) => {
    const d = i % means.length;
    return back ? means[d] + scales[d] * value : (value - means[d]) / scales[d];
  });
}
