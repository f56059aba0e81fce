import { packBits, type BitMatrix } from '../src/index.ts';

/** The files of one data set. */
export interface DataSetFiles {
  readonly name: string;
  /** IDX images, or text of 0s and 1s. */
  readonly kind: 'idx' | 'csv';
  readonly train: string;
  readonly valid?: string;
  readonly test?: string;
}

const MNIST = {
  train: /(^|[\\/])train-images[-.]idx3-ubyte(\.gz)?$/,
  test: /(^|[\\/])t10k-images[-.]idx3-ubyte(\.gz)?$/,
};
const CSV = /(?:^|[\\/])([^\\/]+)\.train\.data$/;

/**
 * The data sets among some files: `NAME.train.data` with `NAME.valid.data` and `NAME.test.data` (either may lack) as in Lowd and
 * Davis's collection, by name, then MNIST by its usual names. Without held-out samples there is nothing to measure: left out.
 */
export function findDataSets(paths: readonly string[]): DataSetFiles[] {
  const sets: DataSetFiles[] = [];
  for (const train of paths.toSorted()) {
    const name = CSV.exec(train)?.[1];
    if (name === undefined) continue;
    const part = (which: string): string | undefined =>
      paths.find((path) => path === train.replace(/train\.data$/, `${which}.data`));
    addSet(sets, { name, kind: 'csv', train }, part('valid'), part('test'));
  }
  const train = paths.find((path) => MNIST.train.test(path));
  const test = paths.find((path) => MNIST.test.test(path));
  if (train !== undefined) addSet(sets, { name: 'MNIST', kind: 'idx', train }, undefined, test);
  return sets;
}

function addSet(
  sets: DataSetFiles[],
  found: DataSetFiles,
  valid: string | undefined,
  test: string | undefined,
): void {
  if (valid === undefined && test === undefined) return;
  sets.push({ ...found, ...(valid && { valid }), ...(test && { test }) });
}

/**
 * Lines of 0s and 1s with commas between, packed.
 * @throws Error naming the line, where one has another length or holds anything else
 */
export function parseBinaryCsv(text: string, path: string): BitMatrix {
  const lines = text.trimEnd().split(/\r?\n/);
  const nFeatures = lines[0].split(',').length;
  const data = new Uint8Array(lines.length * nFeatures);
  lines.forEach((line, n) => {
    const cells = line.split(',');
    const wrong = cells.find((cell) => cell !== '0' && cell !== '1');
    if (cells.length !== nFeatures || wrong !== undefined) {
      const what = wrong === undefined ? `has ${cells.length} values` : `holds "${wrong}"`;
      throw new Error(`${path}, line ${n + 1} ${what}; expected ${nFeatures} of 0 or 1.`);
    }
    cells.forEach((cell, d) => (data[n * nFeatures + d] = cell === '1' ? 1 : 0));
  });
  return packBits(data, lines.length, nFeatures);
}

/** Whether feature d of sample n is 1, in `bits` or in a mask. */
export function bitAt(bits: Uint32Array, nFeatures: number, n: number, d: number): boolean {
  return ((bits[n * Math.ceil(nFeatures / 32) + (d >> 5)] >>> (d & 31)) & 1) === 1;
}

/** The same samples with their features from `firstHidden` on missing: in images, the rows below some row. */
export function hideFrom(samples: BitMatrix, firstHidden: number): BitMatrix {
  const { bits, nFeatures } = samples;
  const words = Math.ceil(nFeatures / 32);
  const one = new Uint32Array(words);
  for (let d = 0; d < firstHidden; d++) one[d >> 5] |= 1 << (d & 31);
  return { ...samples, bits, mask: Uint32Array.from(bits, (_, i) => one[i % words]) };
}

/**
 * Mean of -ln p(x_nd) over all samples and the features from `firstHidden` on, where `means` (N x D) are the probabilities of a
 * 1: nats a hidden entry. Infinity where a mean was sure of the wrong value.
 */
export function crossEntropy(
  means: ArrayLike<number>,
  { bits, nSamples, nFeatures }: BitMatrix,
  firstHidden: number,
): number {
  let sum = 0;
  for (let n = 0; n < nSamples; n++) {
    for (let d = firstHidden; d < nFeatures; d++) {
      const p = means[n * nFeatures + d];
      sum -= bitAt(bits, nFeatures, n, d) ? Math.log(p) : Math.log1p(-p);
    }
  }
  return sum / (nSamples * (nFeatures - firstHidden));
}
