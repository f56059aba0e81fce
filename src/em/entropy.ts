/** -sum_k gamma_k ln gamma_k of one sample, 0 of an impossible one; to be read beside shaders/entropy.wgsl. */
export function assignmentEntropy(logJoint: Float64Array, logProbability: number): number {
  if (logProbability === -Infinity) return 0;
  let entropy = 0;
  for (let k = 0; k < logJoint.length; k++) {
    const logarithm = logJoint[k] - logProbability;
    const responsibility = Math.exp(logarithm);
    // 0 ln 0 is 0
    if (responsibility > 0) entropy -= responsibility * logarithm;
  }
  return entropy;
}

/** -sum_k p_k ln p_k, in nats; 0 ln 0 is 0. */
export function entropyOf(probabilities: ArrayLike<number>): number {
  let entropy = 0;
  for (let k = 0; k < probabilities.length; k++) {
    const p = probabilities[k];
    if (p > 0) entropy -= p * Math.log(p);
  }
  return entropy;
}
