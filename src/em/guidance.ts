import { KeyedUniforms, PhiloxUse, type PhiloxKey } from '../data/philox.ts';
import { LOG_ZERO } from '../families/log-constants.ts';

/**
 * What is known beforehand of where samples belong, held through every E-step of a fit: a_nk gains ln tau_nk. A label is
 * tau_nk = 1 for one component and 0 for the others.
 */
export interface Guidance {
  /** In the kernels' names: 1 a label a sample, 2 a row of ln tau, 3 random numbers in place of a_nk. */
  readonly kind: 'labels' | 'priors' | 'random';
  /** Numbers a sample on the device: 1, or K. */
  readonly rows: number;
  /** Eight numbers after a chunk's rows, where the kernels read any; the chunk begins at `firstSample`. */
  tail?(firstSample: number): readonly number[];
  /** Adds ln tau_nk to one sample's a_nk, K. */
  add(sample: number, logJoint: Float64Array): void;
  /** The component that a sample is told to be of, or believed to be of more than of any other; -1 for none. */
  preferred(sample: number): number;
  /** What the device holds of one sample in row `row`: its label, -1 for none; or ln tau. */
  deviceValue(sample: number, row: number): number;
}

/** @param labels N, -1 where unknown */
export function guideByLabels(labels: ArrayLike<number>): Guidance {
  return {
    kind: 'labels',
    rows: 1,
    add(sample, logJoint) {
      const label = labels[sample];
      if (label < 0) return;
      for (let k = 0; k < logJoint.length; k++) if (k !== label) logJoint[k] = -Infinity;
    },
    preferred: (sample) => labels[sample],
    deviceValue: (sample) => labels[sample],
  };
}

/** @param logPriors N x K, ln tau_nk: at most 0, -Infinity where a component is ruled out */
export function guideByPriors(logPriors: Float64Array, nComponents: number): Guidance {
  return {
    kind: 'priors',
    rows: nComponents,
    add(sample, logJoint) {
      const at = sample * nComponents;
      for (let k = 0; k < nComponents; k++) logJoint[k] += logPriors[at + k];
    },
    preferred(sample) {
      const row = logPriors.subarray(sample * nComponents, (sample + 1) * nComponents);
      const best = row.indexOf(0);
      return row.lastIndexOf(0) === best ? best : -1;
    },
    deviceValue: (sample, k) => Math.max(LOG_ZERO, logPriors[sample * nComponents + k]),
  };
}

/**
 * ln tau_nk = ln of a uniform number, and a_nk does not count: gamma_nk is uniform numbers divided by their sum. The numbers are
 * Philox words, keyed on sample and component.
 * @param labels N, -1 where unknown: such samples are wholly of their component
 */
export function guideAtRandom(key: PhiloxKey, labels?: Int32Array): Guidance {
  const uniforms = new KeyedUniforms(key, PhiloxUse.RESPONSIBILITIES);
  const halves = (word: number): [number, number] => [word & 0xffff, word >>> 16];
  return {
    kind: 'random',
    rows: 1,
    tail: (firstSample) => [...halves(firstSample / 4), ...key.flatMap(halves), 0, 0],
    add(sample, logJoint) {
      const label = labels ? labels[sample] : -1;
      for (let k = 0; k < logJoint.length; k++) {
        logJoint[k] = label < 0 ? Math.log(uniforms.at(sample, k)) : k === label ? 0 : -Infinity;
      }
    },
    preferred: (sample) => (labels ? labels[sample] : -1),
    deviceValue: (sample) => (labels ? labels[sample] : -1),
  };
}
