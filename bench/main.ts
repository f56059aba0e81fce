import { findAdapter } from './find-adapter.ts';
import type { BenchCase } from './grid.ts';
import { measureCase } from './measure.ts';
import type { AdapterFound, Measurement } from './report.ts';

/** What bench/run.mjs calls in the page. Answers are plain data: they leave the page as JSON. */
export interface Bench {
  /** The adapter, or why there is none. */
  findAdapter(): Promise<AdapterFound | { readonly reason: string }>;
  measureCase(shape: BenchCase, seed: number): Promise<Measurement>;
}

declare global {
  var webgpuEmBench: Bench;
}

globalThis.webgpuEmBench = {
  findAdapter,
  measureCase,
};
