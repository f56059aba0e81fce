import type { Differences } from './check.ts';
import type { Gate } from './gates.ts';
import type { Roofline } from './micro.ts';
import { peaksOf } from './micro.ts';
import { gflopsOf, shareOf, type Share } from './roofline.ts';
import type { FirstIteration, Memory, RowMeasured, SideMeasured } from './row.ts';
import type { BenchShape } from './shapes.ts';
import type { AdapterFound, SideName } from './sides.ts';
import { spread, type Spread } from './statistics.ts';

/** Where, when and with what it was measured. */
export interface Stamp {
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly commit: string;
  readonly adapter: AdapterFound;
  /** The browser, or that there is none. */
  readonly browser: string;
  readonly node: string;
  readonly os: string;
  readonly processor: string;
  readonly cores: number;
  /** Processes that wanted a core in the minute before; 0 where that is not known. */
  readonly load?: number;
  /** Cards that nvidia-smi tells of; a sentence where it failed. */
  readonly nvidia?: string | readonly { readonly name: string }[];
}

/** Everything that a run found: what is written as JSON, in a browser as in Node. */
export interface BenchResult {
  readonly version: 2;
  readonly seed: number;
  /** Small shapes, to see that the bench works: not for any claim. */
  readonly quick: boolean;
  readonly stamp: Stamp;
  /** Undefined where there is no adapter. */
  readonly roofline: Roofline | undefined;
  readonly rows: readonly Row[];
  /** Shapes that were not measured, and why. */
  readonly leftOut: readonly { readonly shape: BenchShape; readonly reason: string }[];
  /** Shapes that ended in an error. */
  readonly failures: readonly { readonly shape: BenchShape; readonly message: string }[];
  readonly gates: readonly Gate[];
}

export interface Row {
  readonly shape: BenchShape;
  /** Which float64 side the others were compared with. */
  readonly checkedBy: 'cpu' | 'threads';
  readonly sides: readonly SideRow[];
  /** What other programs took, where they were asked. */
  readonly peers?: readonly PeerRow[];
}

/** A side of a row: a time only where the answer is right. */
export interface SideRow {
  readonly side: SideName;
  readonly threads: number;
  /** Why there is nothing else. */
  readonly error?: string;
  readonly right?: boolean;
  readonly differences?: Differences;
  readonly time?: Time;
  readonly first?: FirstIteration;
  readonly memory?: Memory;
}

export interface Time {
  /** Milliseconds per iteration. */
  readonly milliseconds: Spread;
  readonly all: readonly number[];
  /** Iterations of the shorter and of the longer fit, whose difference is taken. */
  readonly iterations: readonly [number, number];
  readonly gflops: number;
  /** Of the adapter's bound; not for the CPU sides, whose own peaks are not measured. */
  readonly share?: Share;
}

/** What bench/peers tells of one program at one shape. */
export interface PeerRow {
  readonly peer: string;
  readonly error?: string;
  /** The error is that it is not installed here. */
  readonly absent?: boolean;
  readonly version?: string;
  readonly precision?: 'float32' | 'float64';
  readonly threads?: number;
  readonly device?: string;
  readonly right?: boolean;
  readonly secondsPerIteration?: readonly number[];
  readonly peakBytes?: number;
}

/** A measurement with its rates, times taken from wrong answers. */
export function rowOf(measured: RowMeasured, roofline: Roofline | undefined): Row {
  const { shape, checkedBy, sides } = measured;
  return { shape, checkedBy, sides: sides.map((side) => sideRow(shape, side, roofline)) };
}

function sideRow(
  shape: BenchShape,
  measured: SideMeasured,
  roofline: Roofline | undefined,
): SideRow {
  const { side, threads, error, differences, milliseconds, iterations, first, memory } = measured;
  if (error !== undefined || differences === undefined) {
    return { side, threads, error: error ?? 'nothing was compared' };
  }
  const found = {
    side,
    threads,
    differences,
    ...(first ? { first } : {}),
    ...(memory ? { memory } : {}),
  };
  if (milliseconds === undefined || iterations === undefined) return { ...found, right: false };
  const times = spread(milliseconds);
  if (!(times.median > 0)) {
    return { side, threads, error: 'its iterations are too short to be told from the start-up' };
  }
  const share =
    side === 'webgpu' && roofline ? shareOf(shape, times.median, peaksOf(roofline)) : undefined;
  // faster than multiply-adds alone can be: two fits' start-ups differed by more than their iterations took
  if (share && share.compute > times.median) {
    return { side, threads, error: 'its iterations are too short to be told from the start-up' };
  }
  const time: Time = {
    milliseconds: times,
    all: milliseconds,
    iterations,
    gflops: gflopsOf(shape, times.median),
    ...(share ? { share } : {}),
  };
  return { ...found, right: true, time };
}

/** A row's side, where it was measured. */
export function sideOf(row: Row | undefined, side: SideName): SideRow | undefined {
  return row?.sides.find((one) => one.side === side);
}
