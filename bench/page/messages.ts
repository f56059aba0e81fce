import type { Roofline } from '../micro.ts';
import type { RowMeasured } from '../row.ts';
import type { BenchShape } from '../shapes.ts';
import type { SideName } from '../sides.ts';

/** What the page asks of its worker: shape after shape. */
export interface Order {
  readonly shapes: readonly BenchShape[];
  readonly sides: readonly SideName[];
  readonly repetitions: number;
  /** Whether the adapter's peaks are worth measuring. */
  readonly peaks: boolean;
}

/** What the worker answers. */
export type Answer =
  | { readonly kind: 'roofline'; readonly roofline: Roofline }
  | { readonly kind: 'begin'; readonly index: number }
  | { readonly kind: 'row'; readonly measured: RowMeasured }
  | { readonly kind: 'failed'; readonly shape: BenchShape; readonly message: string }
  | { readonly kind: 'end' };
