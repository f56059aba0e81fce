/**
 * How an E-step turns a_nk = ln(pi_k p(x_n | theta_k)) into responsibilities. Left out: gamma_nk = p(k | x_n), the EM of
 * mixtures.md.
 */
export interface Responsibilities {
  /**
   * 'hard': each sample wholly to its argmax_k a_nk, the first on a tie, and the log-likelihood is the classification one,
   * sum_n s_n max_k a_nk (Celeux and Govaert 1992). Default 'soft'.
   */
  readonly assignment?: 'soft' | 'hard' | undefined;
  /**
   * beta > 0: gamma_nk proportional to exp(beta a_nk), and the log-likelihood is (1 / beta) sum_n s_n ln sum_k exp(beta a_nk)
   * (deterministic annealing, Ueda and Nakano 1998). Default 1. Changes nothing of a hard assignment.
   */
  readonly inverseTemperature?: number | undefined;
}

export const isHard = ({ assignment }: Responsibilities): boolean => assignment === 'hard';

/** beta; 1 under a hard assignment. */
export const inverseTemperatureOf = (how: Responsibilities): number =>
  isHard(how) ? 1 : (how.inverseTemperature ?? 1);

/**
 * Turns one sample's a_nk (K) into ln gamma_nk in place, twin of shaders/normalise.wgsl.
 * @param logProbability logsumexp of the a_nk
 * @returns the sample's share of the log-likelihood
 */
export function settle(
  logJoint: Float64Array,
  logProbability: number,
  how: Responsibilities,
): number {
  const nComponents = logJoint.length;
  if (isHard(how)) {
    let best = 0;
    for (let k = 1; k < nComponents; k++) if (logJoint[k] > logJoint[best]) best = k;
    const share = logJoint[best];
    logJoint.fill(-Infinity);
    logJoint[best] = 0;
    return share;
  }
  const beta = inverseTemperatureOf(how);
  if (beta === 1) {
    for (let k = 0; k < nComponents; k++) logJoint[k] -= logProbability;
    return logProbability;
  }
  let maximum = -Infinity;
  for (let k = 0; k < nComponents; k++) {
    logJoint[k] *= beta;
    if (logJoint[k] > maximum) maximum = logJoint[k];
  }
  let sum = 0;
  for (let k = 0; k < nComponents; k++) sum += Math.exp(logJoint[k] - maximum);
  const total = maximum + Math.log(sum);
  for (let k = 0; k < nComponents; k++) logJoint[k] -= total;
  return total / beta;
}
