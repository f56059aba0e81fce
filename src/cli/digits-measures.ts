import type { BinaryImages } from '../io/binarise.ts';
import type { Mask } from './digits-mask.ts';

/** Whether pixel d of image n is 1; of a mask, whether it is seen. */
export function bitAt(bits: Uint32Array, nPixels: number, n: number, d: number): number {
  return (bits[n * Math.ceil(nPixels / 32) + (d >> 5)] >>> (d & 31)) & 1;
}

/** How well images are known without any mixture: every pixel by its own mean. */
export interface MeanImage {
  /** D: (count + a - 1) / (N + a + b - 2), the one-component mixture under the same prior. */
  readonly probabilities: Float64Array;
  /** Mean log-likelihood of the test images. */
  readonly score: number;
}

export interface CompletionMeasure {
  /** Over all test images. */
  readonly hiddenPixels: number;
  /** Mean of -ln p(pixel) over the hidden pixels, in nats, by the completions and by the mean image. */
  readonly crossEntropy: number;
  readonly meanCrossEntropy: number;
}

/** A prior's number for each pixel. */
type Pseudocount = number | readonly number[];

export function meanImage(
  { bits, nSamples, nFeatures }: BinaryImages,
  test: BinaryImages,
  a: Pseudocount,
  b: Pseudocount,
): MeanImage {
  const counts = new Float64Array(nFeatures);
  for (let n = 0; n < nSamples; n++) {
    for (let d = 0; d < nFeatures; d++) counts[d] += bitAt(bits, nFeatures, n, d);
  }
  const of = (pseudo: Pseudocount, d: number): number =>
    typeof pseudo === 'number' ? pseudo : pseudo[d];
  const probabilities = counts.map(
    (count, d) => (count + of(a, d) - 1) / (nSamples + of(a, d) + of(b, d) - 2),
  );
  let total = 0;
  for (let n = 0; n < test.nSamples; n++) {
    for (let d = 0; d < nFeatures; d++) {
      total += logOf(probabilities[d], bitAt(test.bits, nFeatures, n, d));
    }
  }
  return { probabilities, score: total / test.nSamples };
}

/** @param completed N x D, as `impute` gave it */
export function measureCompletion(
  { bits, nSamples, nFeatures }: BinaryImages,
  mask: Mask,
  completed: ArrayLike<number>,
  { probabilities }: MeanImage,
): CompletionMeasure {
  let hiddenPixels = 0;
  let [completion, mean] = [0, 0];
  for (let n = 0; n < nSamples; n++) {
    for (let d = 0; d < nFeatures; d++) {
      if (bitAt(mask, nFeatures, n, d) === 1) continue;
      const pixel = bitAt(bits, nFeatures, n, d);
      hiddenPixels++;
      completion -= logOf(completed[n * nFeatures + d], pixel);
      mean -= logOf(probabilities[d], pixel);
    }
  }
  // (of no hidden pixel at all, which a tiny random share may leave)
  const count = Math.max(1, hiddenPixels);
  return { hiddenPixels, crossEntropy: completion / count, meanCrossEntropy: mean / count };
}

/** ln p(pixel) */
function logOf(probability: number, pixel: number): number {
  return Math.log(pixel === 1 ? probability : 1 - probability);
}

/** What a component's images are labelled most often. */
export interface CommonLabel {
  readonly label: number;
  readonly share: number;
}

/** One a component; undefined for a component without images. */
export function commonLabels(
  components: Int32Array,
  labels: Uint8Array,
  nComponents: number,
): (CommonLabel | undefined)[] {
  const counts = Array.from({ length: nComponents }, () => new Map<number, number>());
  components.forEach((k, n) => counts[k].set(labels[n], (counts[k].get(labels[n]) ?? 0) + 1));
  return counts.map((count) => {
    const total = [...count.values()].reduce((a, b) => a + b, 0);
    const [first] = [...count].toSorted(([, a], [, b]) => b - a);
    return first && { label: first[0], share: first[1] / total };
  });
}
