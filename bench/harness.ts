import { measureRoofline, type Roofline } from './micro.ts';
import { measureRow, type RowJob, type RowMeasured } from './row.ts';
import { findAdapter, findSides, openSide, type AdapterFound, type SideName } from './sides.ts';

/** What bench/run.mjs calls in the page. Answers are plain data: they leave the page as JSON. */
export interface Harness {
  /** The adapter, or why there is none. */
  findAdapter(): Promise<AdapterFound | { readonly reason: string }>;
  findSides(): Promise<SideName[]>;
  measureRoofline(quick: boolean): Promise<Roofline>;
  measureRow(job: RowJob): Promise<RowMeasured>;
}

declare global {
  var webgpuEmBench: Harness;
}

globalThis.webgpuEmBench = {
  findAdapter,
  findSides,
  async measureRoofline(quick) {
    const context = await openSide('webgpu');
    try {
      return await measureRoofline(context.device!, context.info.software, quick);
    } finally {
      context.dispose();
    }
  },
  measureRow,
};
