import { digamma, logBeta, logGamma } from './special-functions.ts';

/** What the weights are drawn from; scikit-learn's words. */
export type WeightConcentrationPriorType = 'dirichlet_process' | 'dirichlet_distribution';

/** q(pi) of a variational mixture, given by its concentrations (of any shape: `shape`). */
export interface WeightPosterior {
  /** Of the concentrations. */
  shape(nComponents: number): number[];
  /** The concentrations that maximise the bound. @param mass N_k, K. @param prior gamma > 0 */
  update(mass: Float64Array, prior: number): Float64Array;
  /** E[ln pi_k], K. */
  expectedLogs(concentrations: Float64Array): Float64Array;
  /** What stands for the weights: E[pi_k], K, scaled to sum 1. */
  means(concentrations: Float64Array): Float64Array;
  /** ln of the constant that makes q integrate to 1. */
  logNormaliser(concentrations: Float64Array): number;
}

const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

/** Dirichlet(alpha) with alpha_k = gamma + N_k (Bishop 2006, 10.2). */
const dirichletDistribution: WeightPosterior = {
  shape: (nComponents) => [nComponents],
  update: (mass, prior) => mass.map((n) => prior + n),
  expectedLogs(concentrations) {
    const all = digamma(total(concentrations));
    return concentrations.map((concentration) => digamma(concentration) - all);
  },
  means(concentrations) {
    const sum = total(concentrations);
    return concentrations.map((concentration) => concentration / sum);
  },
  logNormaliser: (concentrations) =>
    logGamma(total(concentrations)) - total(concentrations.map(logGamma)),
};

/**
 * Stick-breaking, truncated at K (Blei and Jordan 2006): pi_k = v_k prod_{j<k} (1 - v_j) with v_k ~ Beta(a_k, b_k), a_k = 1 + N_k,
 * b_k = gamma + sum_{j>k} N_j; as in scikit-learn the last v is not fixed at 1. Concentrations: a (K), then b (K).
 */
const dirichletProcess: WeightPosterior = {
  shape: (nComponents) => [2, nComponents],
  update(mass, prior) {
    const nComponents = mass.length;
    const out = new Float64Array(2 * nComponents);
    for (let k = nComponents - 1, later = 0; k >= 0; later += mass[k--]) {
      out[k] = 1 + mass[k];
      out[nComponents + k] = prior + later;
    }
    return out;
  },
  expectedLogs: (concentrations) =>
    alongStick(
      concentrations,
      (a, b, left) => {
        const both = digamma(a + b);
        return { here: left + digamma(a) - both, left: left + digamma(b) - both };
      },
      0,
    ),
  means(concentrations) {
    const sticks = alongStick(
      concentrations,
      (a, b, left) => ({ here: (left * a) / (a + b), left: (left * b) / (a + b) }),
      1,
    );
    const sum = total(sticks);
    return sticks.map((stick) => stick / sum);
  },
  logNormaliser(concentrations) {
    const nComponents = concentrations.length / 2;
    let sum = 0;
    for (let k = 0; k < nComponents; k++) {
      sum -= logBeta(concentrations[k], concentrations[nComponents + k]);
    }
    return sum;
  },
};

/** Goes along the stick: what component k takes of what is left, and what it leaves. */
function alongStick(
  concentrations: Float64Array,
  cut: (a: number, b: number, left: number) => { here: number; left: number },
  whole: number,
): Float64Array {
  const nComponents = concentrations.length / 2;
  let left = whole;
  return concentrations.subarray(0, nComponents).map((a, k) => {
    const cuts = cut(a, concentrations[nComponents + k], left);
    left = cuts.left;
    return cuts.here;
  });
}

export const weightPosteriors: Readonly<Record<WeightConcentrationPriorType, WeightPosterior>> = {
  dirichlet_process: dirichletProcess,
  dirichlet_distribution: dirichletDistribution,
};
