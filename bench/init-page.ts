import { findAdapter, type AdapterFound } from './sides.ts';
import { openCase, type InitCase, type InitShape } from './init.ts';

/** What bench/init.mjs calls in the page. Answers are plain data: they leave the page as JSON. */
export interface InitBench {
  /** The adapter, or why there is none. */
  findAdapter(): Promise<AdapterFound | { readonly reason: string }>;
  /** Makes the samples; then `current` answers. */
  open(shape: InitShape): Promise<void>;
  current: InitCase | undefined;
}

declare global {
  var webgpuEmInit: InitBench;
}

globalThis.webgpuEmInit = {
  findAdapter,
  async open(shape) {
    this.current = await openCase(shape);
  },
  current: undefined,
};
