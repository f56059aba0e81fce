import { threeDigits } from './format.ts';
import { gatesOf } from './gates.ts';
import type { Roofline } from './micro.ts';
import { rowOf, type BenchResult, type PeerRow, type Row, type Stamp } from './result.ts';
import { workOf } from './roofline.ts';
import type { RowJob, RowMeasured } from './row.ts';
import {
  describeShape,
  GROWTH,
  OWN_SHAPES,
  QUICK_GROWTH,
  QUICK_SHAPES,
  shapeName,
  SHAPES,
  type BenchShape,
  type Listed,
} from './shapes.ts';
import type { SideName } from './sides.ts';

/** Who measures: a page of a browser, or this process. */
export interface Host {
  readonly stamp: Stamp;
  /** Those that can be had. */
  readonly sides: readonly SideName[];
  /** Undefined without an adapter. */
  readonly measureRoofline: ((quick: boolean) => Promise<Roofline>) | undefined;
  measureRow(job: RowJob): Promise<RowMeasured>;
  /** Other programs on the same problem; undefined where none are asked. */
  readonly runPeers: PeerRunner | undefined;
  /** Called after every row, so that what was measured is not lost. */
  write(result: BenchResult): void;
  readonly log: (line: string) => void;
}

/** (By way of a method: who knows mixtures only may be asked, and answers of a k-means that there is none.) */
export type PeerRunner = {
  run(shape: BenchShape, repetitions: number): Promise<PeerRow[]>;
}['run'];

export interface SessionOptions {
  readonly quick?: boolean;
  /** Only shapes whose names (`full-1000000x8-k16`) match. */
  readonly rows?: string | undefined;
  /** Seconds after which no row is begun. */
  readonly budget?: number | undefined;
  readonly repetitions?: number | undefined;
  /** Comma-separated; all that can be had by default. */
  readonly sides?: string | undefined;
  /** See `RowJob.seconds`. */
  readonly seconds?: number | undefined;
}

/** A number of the command line. @throws Error where it is none above 0 */
export function numberOption(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} is ${text}: give a number above 0.`);
  return value;
}

export const SEED = 1;
const REPETITIONS = 9;
const SECONDS = { hardware: 15, software: 30 };
/** Operations of an iteration beyond which only the fast CPU side can check a row within minutes. */
const MOST_REFERENCE_FLOPS = 100e9;

/** Measures the adapter, then shape after shape; a row that fails costs the others nothing. */
export async function runSession(host: Host, options: SessionOptions = {}): Promise<BenchResult> {
  const { quick = false, budget = Infinity } = options;
  const started = performance.now();
  const { software } = host.stamp.adapter;
  const wanted = options.sides?.split(',');
  const sides = host.sides.filter((side) => wanted?.includes(side) ?? true);
  if (sides.length === 0)
    throw new Error(`Of ${options.sides} none can be had: ${host.sides.join(', ')} can.`);
  let roofline: Roofline | undefined;
  if (host.measureRoofline) {
    try {
      roofline = await host.measureRoofline(quick);
      host.log(describeRoofline(roofline));
    } catch (error) {
      host.log(`FAILED: the roofline: ${messageOf(error)}`);
    }
  }
  const rows: Row[] = [];
  const leftOut: { shape: BenchShape; reason: string }[] = [];
  const failures: { shape: BenchShape; message: string }[] = [];
  const result = (): BenchResult => {
    const found = { version: 2, seed: SEED, quick, stamp: host.stamp, roofline, rows } as const;
    return { ...found, leftOut, failures, gates: gatesOf(found) };
  };
  host.write(result());
  for (const { hardwareOnly, ...shape } of listedShapes(options)) {
    const begun = performance.now();
    const reason = whyNot(shape, hardwareOnly === true, host, (begun - started) / 1000 >= budget);
    if (reason !== undefined) {
      leftOut.push({ shape, reason });
      host.log(`  ${shapeName(shape)}: left out: ${reason}`);
      continue;
    }
    let outcome: string;
    try {
      const measured = await host.measureRow({
        shape,
        seed: SEED,
        sides,
        repetitions: options.repetitions ?? (quick ? 3 : REPETITIONS),
        seconds: options.seconds ?? (quick ? 5 : software ? SECONDS.software : SECONDS.hardware),
      });
      const row = rowOf(measured, roofline);
      const peers = await peersOf(host, shape, options.repetitions ?? 3);
      rows.push(peers ? { ...row, peers } : row);
      outcome = describeRow(rows.at(-1)!);
    } catch (error) {
      // the other shapes are still worth having
      failures.push({ shape, message: messageOf(error) });
      outcome = `FAILED: ${messageOf(error)}`;
    }
    const seconds = ((performance.now() - begun) / 1000).toFixed(0);
    host.log(`  ${describeShape(shape)}: ${outcome}, ${seconds} s`);
    host.write(result());
  }
  return result();
}

/** Every shape once, in the order of the lists. */
export function listedShapes({ quick = false, rows }: SessionOptions): Listed<BenchShape>[] {
  const growth = (quick ? QUICK_GROWTH : GROWTH).flatMap(({ shapes }) => shapes);
  const all = quick ? [...QUICK_SHAPES, ...growth] : [...SHAPES, ...OWN_SHAPES, ...growth];
  const byName = new Map<string, Listed<BenchShape>>();
  for (const shape of all) {
    const name = shapeName(shape);
    if (!byName.has(name)) byName.set(name, shape);
  }
  const wanted = new RegExp(rows ?? '');
  return [...byName].flatMap(([name, shape]) => (wanted.test(name) ? [shape] : []));
}

function whyNot(
  shape: BenchShape,
  hardwareOnly: boolean,
  { stamp, sides }: Host,
  late: boolean,
): string | undefined {
  if (late) return 'the time that this run was given is over';
  if (hardwareOnly && stamp.adapter.software) return 'it would take minutes an iteration here';
  if (workOf(shape).flops > MOST_REFERENCE_FLOPS && !sides.includes('threads')) {
    return 'without a fast CPU side nothing here can check it in reasonable time';
  }
  return undefined;
}

async function peersOf(
  { runPeers, log }: Host,
  shape: BenchShape,
  repetitions: number,
): Promise<PeerRow[] | undefined> {
  if (!runPeers) return undefined;
  try {
    return await runPeers(shape, repetitions);
  } catch (error) {
    log(`  FAILED: peers at ${shapeName(shape)}: ${messageOf(error)}`);
    return [{ peer: 'all', error: messageOf(error) }];
  }
}

function describeRow({ sides }: Row): string {
  const words = sides.map(({ side, error, right, time }) => {
    if (error !== undefined) return `${side} ${error}`;
    if (!right || !time) return `${side} WRONG`;
    return `${side} ${threeDigits(time.milliseconds.median)} ms`;
  });
  return words.join(', ');
}

/** The rates in one line. */
export function describeRoofline({ fma, exp, copy, latency, failures }: Roofline): string {
  const words = [
    fma && `FMA ${(fma.measured.median / 1e9).toPrecision(4)} GFLOP/s`,
    exp && `exp ${(exp.measured.median / 1e9).toPrecision(3)} G/s`,
    copy && `copy ${(copy.measured.median / 1e9).toPrecision(3)} GB/s`,
    latency && `submit to result ${(1000 * latency.measured.median).toPrecision(3)} ms`,
    ...failures.map((failure) => `FAILED: ${failure}`),
  ];
  return words.filter(Boolean).join('; ');
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0].replace(/^page\.evaluate: (Error: )?/, '');
}
