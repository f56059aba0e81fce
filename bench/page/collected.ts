import { version } from '../../package.json';
import type { Roofline } from '../micro.ts';
import { rowOf, type BenchResult, type Row } from '../result.ts';
import type { RowMeasured } from '../row.ts';
import { SEED } from '../session.ts';
import type { BenchShape } from '../shapes.ts';
import type { AdapterFound } from '../sides.ts';

/** What a run has found so far, as the very JSON that `npm run bench` writes. */
export class Collected {
  readonly #date = new Date().toISOString();
  readonly #adapter: AdapterFound;
  readonly rows: Row[] = [];
  readonly failures: { shape: BenchShape; message: string }[] = [];
  roofline: Roofline | undefined;

  constructor(adapter: AdapterFound) {
    this.#adapter = adapter;
  }

  add(measured: RowMeasured): Row {
    const row = rowOf(measured, this.roofline);
    this.rows.push(row);
    return row;
  }

  get result(): BenchResult {
    return {
      version: 2,
      seed: SEED,
      quick: false,
      stamp: {
        date: this.#date,
        commit: `version ${version}`,
        adapter: this.#adapter,
        browser: navigator.userAgent,
        node: 'none',
        os: navigator.platform,
        processor: 'a processor that a page cannot name',
        cores: navigator.hardwareConcurrency,
      },
      roofline: this.roofline,
      rows: this.rows,
      leftOut: [],
      failures: this.failures,
      // those are of the shapes of `npm run bench`
      gates: [],
    };
  }
}
