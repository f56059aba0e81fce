import type { BitMatrix } from '../src/index.ts';
import { findAdapter, type AdapterFound } from './sides.ts';
import { measureFit, type FitFigures, type FitJob, type Shown } from './binary-figures.ts';
import { compareSides, type ScaleFigures, type ScaleJob } from './binary-scale.ts';

/** Packed samples at an address beside the page. */
export interface BitsFile {
  readonly address: string;
  readonly nSamples: number;
  readonly nFeatures: number;
}

/** A data set's splits as files. */
export interface SplitFiles {
  readonly train: BitsFile;
  readonly valid?: BitsFile | undefined;
  readonly test?: BitsFile | undefined;
}

/** What bench/binary.mjs calls in the page. Answers are plain data: they leave the page as JSON. */
export interface BinaryBench {
  /** The adapter, or why there is none. */
  findAdapter(): Promise<AdapterFound | { readonly reason: string }>;
  measureFit(files: SplitFiles, job: FitJob): Promise<{ figures: FitFigures; shown?: Shown }>;
  compareSides(file: BitsFile, job: ScaleJob): Promise<ScaleFigures>;
}

declare global {
  var webgpuEmBinary: BinaryBench;
}

globalThis.webgpuEmBinary = {
  findAdapter,
  async measureFit({ train, valid, test }, job) {
    const splits = {
      train: await fetchBits(train),
      valid: valid && (await fetchBits(valid)),
      test: test && (await fetchBits(test)),
    };
    return measureFit(splits, job);
  },
  async compareSides(file, job) {
    return compareSides(await fetchBits(file), job);
  },
};

async function fetchBits({ address, nSamples, nFeatures }: BitsFile): Promise<BitMatrix> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return { bits: new Uint32Array(await response.arrayBuffer()), nSamples, nFeatures };
}
