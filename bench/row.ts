import { createDataset, type Context, type Dataset } from '../src/index.ts';
import { compareTraces, isRight, worst, type Differences, type FitTrace } from './check.ts';
import { watchMemory, type MemoryWatch } from './device-memory.ts';
import { drawProblem, fitProblem, type Problem } from './problem.ts';
import { workOf } from './roofline.ts';
import type { BenchShape } from './shapes.ts';
import { openSide, threadsOf, type SideName, type Surroundings } from './sides.ts';

/** What is asked for. */
export interface RowJob {
  readonly shape: BenchShape;
  readonly seed: number;
  readonly sides: readonly SideName[];
  /** Timed fits of each length on each side, where they fit into `seconds`. */
  readonly repetitions: number;
  /** Of the float64 fit that all are checked by, and of each side's timed fits; a slow machine may take a few times that. */
  readonly seconds: number;
  /** Iterations that are checked at most. Default 20. */
  readonly checked?: number;
  /** Milliseconds of iterations in a timed fit, about, where they are short. Default 200. */
  readonly between?: number;
}

/** What was found of a shape. */
export interface RowMeasured {
  readonly shape: BenchShape;
  /** Which float64 side all others are checked by. */
  readonly checkedBy: 'cpu' | 'threads';
  readonly sides: readonly SideMeasured[];
}

export interface SideMeasured {
  readonly side: SideName;
  readonly threads: number;
  /** Why there is nothing else. */
  readonly error?: string;
  readonly differences?: Differences;
  /** Milliseconds per iteration of each repetition: a longer fit less a shorter one over the iterations between them. */
  readonly milliseconds?: readonly number[];
  /** Of the shorter and of the longer fit. */
  readonly iterations?: readonly [number, number];
  readonly first?: FirstIteration;
  readonly memory?: Memory;
}

/** From samples in memory to the first iteration's result, on a fresh context: checks, standardising, upload, compiling and all. */
export interface FirstIteration {
  readonly milliseconds: number;
  /** The parts of it that the library reports. */
  readonly timings?: Readonly<Record<string, number>>;
}

/** Bytes in buffers of the device. */
export interface Memory {
  readonly samplesBytes: number;
  /** All buffers, the samples among them, at most. */
  readonly peakBytes: number;
}

const MOST_CHECKED = 20;
const LEAST_CHECKED = 3;
const BETWEEN = 200;
/** Iterations between the two fits at least, the first of these that leaves time to repeat: what start-up takes more or less counts. */
const LEAST_BETWEEN = [4, 2, 1];
const MOST_ITERATIONS = 1000;
const LEAST_REPETITIONS = 3;
/** Operations a second of the plain reference at least: decides who checks. */
const REFERENCE_RATE = 0.5e9;

/** Measures one shape on all sides, in turn, from the same start, every side's answers compared with float64. */
export async function measureRow(job: RowJob, around: Surroundings = {}): Promise<RowMeasured> {
  const { shape, seconds } = job;
  const problem = drawProblem(shape, job.seed);
  const slow = (LEAST_CHECKED + 1) * workOf(shape).flops > 2 * seconds * REFERENCE_RATE;
  const checkedBy = slow && job.sides.includes('threads') ? 'threads' : 'cpu';
  const sides: Side[] = [];
  const failed: SideMeasured[] = [];
  try {
    const checker = await Side.open(checkedBy, problem, around);
    sides.push(checker);
    const expected = await checker.leadIn(seconds, job.checked ?? MOST_CHECKED);
    for (const name of job.sides) {
      if (name === checkedBy) continue;
      if (name === 'cpu' && slow) {
        failed.push({ side: name, threads: 0, error: 'left out: it would take too long' });
        continue;
      }
      try {
        sides.push(await Side.open(name, problem, around));
      } catch (error) {
        failed.push({ side: name, threads: 0, error: messageOf(error) });
      }
    }
    // (who checks need not be asked for)
    const asked = sides.filter(({ name }) => job.sides.includes(name));
    for (const side of asked) {
      if (side !== checker) await side.attempt(() => side.check(expected));
      await side.attempt(() => side.calibrate(job, expected.lowerBounds.length));
    }
    for (let r = 0; r < job.repetitions; r++) {
      // each first in turn: what the machine does meanwhile meets all alike
      const turn = r % asked.length;
      for (const side of [...asked.slice(turn), ...asked.slice(0, turn)]) {
        await side.attempt(() => side.repeat(r, expected));
      }
    }
    const measured = [...asked.map((side) => side.result()), ...failed];
    return {
      shape,
      checkedBy,
      sides: job.sides.flatMap((name) => measured.filter(({ side }) => side === name)),
    };
  } finally {
    for (const side of sides) side.close();
  }
}

/** One side of a row, its samples resident. */
class Side {
  readonly name: SideName;
  readonly #context: Context;
  readonly #problem: Problem;
  readonly #dataset: Dataset;
  readonly #memory: MemoryWatch | undefined;
  readonly #first: FirstIteration;
  readonly #differences: Differences[] = [];
  readonly #milliseconds: number[] = [];
  /** Milliseconds of a warm fit of one iteration, and of the longest so far. */
  readonly #times = { one: Infinity, many: Infinity };
  #between = 0;
  #repetitions = 0;
  #error: string | undefined;

  private constructor(
    name: SideName,
    context: Context,
    problem: Problem,
    dataset: Dataset,
    memory: MemoryWatch | undefined,
    first: FirstIteration,
  ) {
    this.name = name;
    this.#context = context;
    this.#problem = problem;
    this.#dataset = dataset;
    this.#memory = memory;
    this.#first = first;
    this.#times.one = first.milliseconds;
  }

  static async open(name: SideName, problem: Problem, around: Surroundings): Promise<Side> {
    const context = await openSide(name, around);
    try {
      const memory = context.device ? watchMemory(context.device) : undefined;
      const started = performance.now();
      const dataset = await createDataset(problem.samples, { context });
      const { timings } = await fitProblem(problem, dataset, context, 1);
      const milliseconds = performance.now() - started;
      const first = timings ? { milliseconds, timings: { ...timings } } : { milliseconds };
      return new Side(name, context, problem, dataset, memory, first);
    } catch (error) {
      context.dispose();
      throw error;
    }
  }

  /** Where this side fails, it says so in the result, and the others go on. */
  async attempt(action: () => Promise<void>): Promise<void> {
    if (this.#error !== undefined) return;
    try {
      await action();
    } catch (error) {
      this.#error = messageOf(error);
    }
  }

  /** The fit that all are checked by, of as many iterations as `seconds` hold. */
  async leadIn(seconds: number, most: number): Promise<FitTrace> {
    await this.#fit(1);
    const fit = Math.floor((1000 * seconds) / this.#times.one);
    const trace = await this.#fit(Math.min(most, Math.max(LEAST_CHECKED, fit)));
    this.#differences.push(compareTraces(trace, trace));
    return trace;
  }

  async check(expected: FitTrace): Promise<void> {
    await this.#fit(1);
    this.#differences.push(compareTraces(await this.#fit(expected.lowerBounds.length), expected));
  }

  /** Finds how many iterations make a difference that the clock sees well, and how often it can be taken. */
  async calibrate(job: RowJob, checked: number): Promise<void> {
    const { seconds, repetitions, between = BETWEEN } = job;
    const { one, many } = this.#times;
    if (checked < 2) throw new Error('It came to rest in its first iteration.');
    let found = (many - one) / (checked - 1);
    let each = Math.max(found, 0.001);
    this.#between = checked - 1;
    // what start-up takes varies, and may hide short iterations: longer, until it does not
    for (let step = 0; step < 5; step++) {
      const least =
        LEAST_BETWEEN.find((n) => LEAST_REPETITIONS * (2 * one + n * each) < 1000 * seconds) ?? 1;
      const wanted = Math.min(MOST_ITERATIONS, Math.max(least, Math.round(between / each)));
      if (wanted <= this.#between) {
        this.#between = wanted;
        break;
      }
      this.#between = Math.min(wanted, 8 * this.#between);
      const { lowerBounds } = await this.#fit(1 + this.#between);
      // (a k-means may have come to rest earlier)
      const rested = lowerBounds.length <= this.#between;
      this.#between = lowerBounds.length - 1;
      if (this.#between < 1) throw new Error('It came to rest in its first iteration.');
      found = (this.#times.many - this.#times.one) / this.#between;
      each = Math.max(found, 0.001);
      if (rested) break;
    }
    const round = 2 * this.#times.one + each * this.#between;
    const fit = Math.floor((1000 * seconds) / round);
    if (fit >= LEAST_REPETITIONS) {
      this.#repetitions = Math.min(repetitions, fit);
      return;
    }
    // too slow to repeat: what the longest fit took beside the shortest is the only figure
    this.#milliseconds.push(found);
  }

  async repeat(repetition: number, expected: FitTrace): Promise<void> {
    if (repetition >= this.#repetitions) return;
    const started = performance.now();
    await this.#fit(1);
    const middle = performance.now();
    const trace = await this.#fit(1 + this.#between);
    const end = performance.now();
    this.#differences.push(compareTraces(trace, expected));
    this.#milliseconds.push((end - middle - (middle - started)) / (trace.lowerBounds.length - 1));
  }

  result(): SideMeasured {
    const { name: side, threads } = this;
    if (this.#error !== undefined) return { side, threads, error: this.#error };
    const differences = worst(this.#differences);
    const found = { side, threads, differences, first: this.#first, ...this.#memoryFound() };
    // a wrong answer has no speed
    if (!isRight(differences)) return found;
    const iterations = [1, 1 + this.#between] as const;
    return { ...found, milliseconds: this.#milliseconds, iterations };
  }

  close(): void {
    this.#dataset.dispose();
    this.#context.dispose();
  }

  get threads(): number {
    return threadsOf(this.#context);
  }

  #memoryFound(): { memory?: Memory } {
    if (!this.#memory) return {};
    const { nSamples, nFeatures, model } = this.#problem.shape;
    const words = model === 'bernoulli' ? Math.ceil(nFeatures / 32) : nFeatures;
    return {
      memory: { samplesBytes: 4 * nSamples * words, peakBytes: this.#memory.peakBytes },
    };
  }

  async #fit(iterations: number): Promise<FitTrace> {
    const started = performance.now();
    const { trace } = await fitProblem(this.#problem, this.#dataset, this.#context, iterations);
    const milliseconds = performance.now() - started;
    if (iterations === 1) this.#times.one = milliseconds;
    else this.#times.many = milliseconds;
    return trace;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
