import { findAdapter } from './find-adapter.ts';
import { measureInit, type InitFigures, type InitShape, type Side } from './init.ts';
import type { AdapterFound } from './report.ts';

/** What bench/init.mjs calls in the page. Answers are plain data: they leave the page as JSON. */
export interface InitBench {
  /** The adapter, or why there is none. */
  findAdapter(): Promise<AdapterFound | { readonly reason: string }>;
  measureInit(shape: InitShape): Promise<Record<Side, InitFigures>>;
}

declare global {
  var webgpuEmInit: InitBench;
}

globalThis.webgpuEmInit = { findAdapter, measureInit };
