import type { Steps } from '../data/pause.ts';
import { readRow, type Samples } from '../data/samples.ts';
import type { SufficientStatistics } from './exponential-family-density.ts';

/**
 * A member of the family (eta0, D x S, and A(eta0), D) that the carrier measure is taken about. An exponential family with
 * base measure h(x) is one with base measure h(x) exp(eta0 . T(x) - A(eta0)) too, whose parameters are eta - eta0 and
 * A(eta) - A(eta0). With eta0 fitted to all samples, what differs between samples but not between components (a count of 500 costs
 * 2600 nats more than one of 5) leaves the device's float32 numbers: they hold only how far components are from the whole.
 */
export interface Tilt {
  readonly natural: Float64Array;
  readonly logPartitions: Float64Array;
}

/** What is used of the definition of one feature's family. */
export interface TiltSource {
  readonly nStatistics: number;
  readonly sufficientStatistics: SufficientStatistics;
  /** Writes eta of the member with this mean of T; not finite where there is none. */
  readonly meanToNatural: (mean: Float64Array, natural: Float64Array, feature: number) => void;
  readonly logPartition: (natural: Float64Array) => number;
}

/** Beyond this, eta0 . T loses more digits of a float64 log-density than the tilt gives. */
const LARGEST = 1e9;

/** The tilt by each column's own maximum-likelihood member; none (zeros) where that is on the edge of the family. */
export function* tiltOf(source: TiltSource, samples: Samples): Steps<Tilt> {
  const { nFeatures } = samples;
  const { nStatistics } = source;
  const means = yield* columnMeans(source, samples);
  const natural = new Float64Array(nFeatures * nStatistics);
  const logPartitions = new Float64Array(nFeatures);
  const eta = new Float64Array(nStatistics);
  for (let d = 0; d < nFeatures; d++) {
    const mean = means.slice(d * nStatistics, (d + 1) * nStatistics);
    if (!mean.every(Number.isFinite)) continue;
    source.meanToNatural(mean, eta, d);
    const logPartition = source.logPartition(eta);
    const size = eta.reduce((sum, value, s) => sum + Math.abs(value * mean[s]), 0);
    if (!(size + Math.abs(logPartition) < LARGEST)) continue;
    natural.set(eta, d * nStatistics);
    logPartitions[d] = logPartition;
  }
  return { natural, logPartitions };
}

/** Mean of T over each column's observed entries, D x S; NaN where there are none. */
function* columnMeans(
  { nStatistics, sufficientStatistics }: TiltSource,
  samples: Samples,
): Steps<Float64Array> {
  const { nSamples, nFeatures } = samples;
  const sums = new Float64Array(nFeatures * nStatistics);
  const counts = new Float64Array(nFeatures);
  const row = new Float64Array(nFeatures);
  const t = new Float64Array(nStatistics);
  for (let n = 0; n < nSamples; n++) {
    readRow(samples, n, row);
    yield;
    for (let d = 0; d < nFeatures; d++) {
      if (Number.isNaN(row[d])) continue;
      counts[d]++;
      sufficientStatistics(row[d], t, 0);
      for (let s = 0; s < nStatistics; s++) sums[d * nStatistics + s] += t[s];
    }
  }
  return sums.map((sum, i) => sum / counts[Math.floor(i / nStatistics)]);
}

/** eta0 . T(x) - A(eta0) of the observed entries of one sample. */
export function tiltFunction(
  { nStatistics, sufficientStatistics }: Pick<TiltSource, 'nStatistics' | 'sufficientStatistics'>,
  { natural, logPartitions }: Tilt,
): (sample: Float64Array) => number {
  const t = new Float64Array(nStatistics);
  return (sample) => {
    let sum = 0;
    for (let d = 0; d < sample.length; d++) {
      if (Number.isNaN(sample[d])) continue;
      sufficientStatistics(sample[d], t, 0);
      sum -= logPartitions[d];
      for (let s = 0; s < nStatistics; s++) sum += natural[d * nStatistics + s] * t[s];
    }
    return sum;
  };
}
