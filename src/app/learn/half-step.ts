/** What a half step leaves behind: parameters theta, responsibilities q, and how far the bound of the two is from ln p(X | theta). */
export interface HalfStep {
  /** 0 is the start, odd ones are E-steps, even ones M-steps. */
  readonly index: number;
  readonly kind: 'start' | 'e' | 'm';
  /** The iteration that it is half of: 1, 1, 2, 2, ...; 0 for the start. */
  readonly iteration: number;
  /** K */
  readonly weights: Float64Array;
  /** K x D */
  readonly means: Float64Array;
  /** K x D x D */
  readonly covariances: Float64Array;
  /** q, N x K. After an M-step still those of the parameters before it. */
  readonly responsibilities: Float64Array;
  /** ln(pi_k p(x_n | theta_k)), N x K, under these parameters; -Infinity for a component of weight 0. */
  readonly logTerms: Float64Array;
  /** N_k = sum_n q_nk */
  readonly componentMass: Float64Array;
  /** l = ln p(X | theta), a total over the samples, in nats. */
  readonly logLikelihood: number;
  /** L(q, theta) */
  readonly lowerBound: number;
  /** KL(q || p(Z | X, theta)) = l - L, summed by itself */
  readonly divergence: number;
}

/** 'soft': EM. 'hard': every sample wholly to its most probable component. */
export type Assignment = 'soft' | 'hard';

export function kindOf(index: number): HalfStep['kind'] {
  return index === 0 ? 'start' : index % 2 === 1 ? 'e' : 'm';
}

/** "Start", "E-step 2", "M-step 2" */
export function nameOf(index: number): string {
  const kind = kindOf(index);
  return kind === 'start' ? 'Start' : `${kind === 'e' ? 'E' : 'M'}-step ${(index + 1) >> 1}`;
}

/** Before anything is known every component has the same share of every sample. */
export function evenShares(nSamples: number, nComponents: number): Float64Array {
  return new Float64Array(nSamples * nComponents).fill(1 / nComponents);
}

/** q_nk from ln(pi_k p(x_n | k)), in log space; hard: 1 for the largest, the first of equals. */
export function sharesOf(
  logTerms: Float64Array,
  nComponents: number,
  assignment: Assignment,
): Float64Array {
  const shares = new Float64Array(logTerms.length);
  for (let at = 0; at < logTerms.length; at += nComponents) {
    const row = logTerms.subarray(at, at + nComponents);
    const highest = Math.max(...row);
    if (assignment === 'hard') {
      shares[at + row.indexOf(highest)] = 1;
      continue;
    }
    let sum = 0;
    for (let k = 0; k < nComponents; k++) sum += shares[at + k] = Math.exp(row[k] - highest);
    for (let k = 0; k < nComponents; k++) shares[at + k] /= sum;
  }
  return shares;
}

export function massOf(responsibilities: Float64Array, nComponents: number): Float64Array {
  const mass = new Float64Array(nComponents);
  responsibilities.forEach((share, i) => (mass[i % nComponents] += share));
  return mass;
}
