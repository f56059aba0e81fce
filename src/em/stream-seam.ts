import type { Family, Parameters } from '../families/family.ts';
import { addStatistics, sumAbout, type Statistics } from '../families/statistics.ts';
import type { Dataset } from './dataset.ts';
import type { Guidance } from './guidance.ts';
import { inTurns } from '../data/pause.ts';
import type { Responsibilities } from './responsibilities.ts';
import type { EStepResult, Measures, SampleRange, Seam } from './seam.ts';
import { StreamCursor, StreamSlots } from './stream-cursor.ts';
import { checkSupport } from './support.ts';

/** Opens a side of the seam over one chunk in memory. */
export type OpenSide = (chunk: Dataset, guidance: Guidance | undefined) => Promise<Seam>;

/**
 * The seam over a stream: every call reads it once, a chunk at a time, and asks a side of the seam about each, while the next chunk is
 * read, converted and uploaded. What chunks give is added up in float64, in their order.
 */
export class StreamSeam implements Seam {
  readonly unitRoundoff: number;
  /** A chunk: a range is read where the last one ended. */
  readonly rangeUnit: number;
  readonly #dataset: Dataset;
  readonly #family: Family;
  readonly #guidance: Guidance | undefined;
  readonly #open: OpenSide;
  readonly #slots: StreamSlots;
  #cursor: StreamCursor | undefined;
  #supported = false;

  constructor(
    dataset: Dataset,
    family: Family,
    guidance: Guidance | undefined,
    unitRoundoff: number,
    open: OpenSide,
  ) {
    this.unitRoundoff = unitRoundoff;
    this.rangeUnit = dataset.streamed!.chunkSamples;
    this.#dataset = dataset;
    this.#family = family;
    this.#guidance = guidance;
    this.#open = open;
    this.#slots = new StreamSlots(dataset);
  }

  async eStep(
    parameters: Parameters,
    signal?: AbortSignal,
    how?: Responsibilities,
    range?: SampleRange,
  ): Promise<EStepResult> {
    const sums = new Sums(this.#family, 1);
    await this.#forEachChunk(
      async (seam) => sums.add([await seam.eStep(parameters, signal, how)]),
      signal,
      range,
    );
    return sums.results[0];
  }

  async eSteps(
    list: readonly Parameters[],
    signal?: AbortSignal,
    how?: Responsibilities,
  ): Promise<EStepResult[]> {
    const sums = new Sums(this.#family, list.length);
    await this.#forEachChunk(
      async (seam) => sums.add(await seam.eSteps(list, signal, how)),
      signal,
    );
    return sums.results;
  }

  async measure(parameters: Parameters, signal?: AbortSignal): Promise<Measures> {
    let logLikelihood = 0;
    let entropy = 0;
    await this.#forEachChunk(async (seam) => {
      const own = await seam.measure(parameters, signal);
      logLikelihood += own.logLikelihood;
      entropy += own.entropy;
    }, signal);
    return { logLikelihood, entropy };
  }

  async scoreSamples(parameters: Parameters, signal?: AbortSignal): Promise<Float64Array> {
    const scores = new Float64Array(this.#dataset.nSamples);
    await this.#forEachChunk(
      async (seam, first) => scores.set(await seam.scoreSamples(parameters, signal), first),
      signal,
    );
    return scores;
  }

  async predict(parameters: Parameters, signal?: AbortSignal): Promise<Int32Array> {
    const labels = new Int32Array(this.#dataset.nSamples);
    await this.#forEachChunk(
      async (seam, first) => labels.set(await seam.predict(parameters, signal), first),
      signal,
    );
    return labels;
  }

  forEachResponsibilities(
    parameters: Parameters,
    visit: (
      firstSample: number,
      count: number,
      responsibilities: Float32Array | Float64Array,
    ) => void,
    signal?: AbortSignal,
    logarithms?: boolean,
  ): Promise<void> {
    return this.#forEachChunk(
      (seam, first) =>
        seam.forEachResponsibilities(
          parameters,
          (at, count, rows) => visit(first + at, count, rows),
          signal,
          logarithms,
        ),
      signal,
    );
  }

  dispose(): void {
    // (a reading that a range left open ends by itself: nothing waits for it)
    void this.#close();
    this.#slots.dispose();
  }

  /** @param range whole chunks, but for the last */
  async #forEachChunk(
    visit: (seam: Seam, firstSample: number) => Promise<unknown>,
    signal?: AbortSignal,
    range?: SampleRange,
  ): Promise<void> {
    signal?.throwIfAborted();
    this.#dataset.assertUsable();
    const first = range?.firstSample ?? 0;
    const end = range ? first + range.nSamples : this.#dataset.nSamples;
    let whole = false;
    try {
      const cursor = await this.#at(first, signal);
      while (cursor.position < end) {
        const chunk = await cursor.take();
        if (!chunk) break;
        try {
          await visit(chunk.seam, chunk.firstSample);
        } finally {
          chunk.seam.dispose();
        }
      }
      // to its very end, where a reading is compared with the first
      if (end === this.#dataset.nSamples) await cursor.take();
      whole = true;
    } finally {
      if (!whole || end === this.#dataset.nSamples) await this.#close();
    }
    this.#supported ||= first === 0 && end === this.#dataset.nSamples;
  }

  /** The side over a chunk, the first time that all are read with a look at the samples. */
  async #side(chunk: Dataset, firstSample: number): Promise<Seam> {
    if (!this.#supported) await inTurns(checkSupport(chunk, this.#family, firstSample));
    return this.#open(chunk, this.#guidance && shifted(this.#guidance, firstSample));
  }

  /** A reading that is at sample `first`: the last range's where that ended there. */
  async #at(first: number, signal: AbortSignal | undefined): Promise<StreamCursor> {
    if (this.#cursor && (this.#cursor.position !== first || first === 0)) await this.#close();
    if (!this.#cursor) {
      this.#cursor = new StreamCursor(
        this.#slots,
        (chunk, firstSample) => this.#side(chunk, firstSample),
        signal,
      );
      if (first > 0) await this.#cursor.skip(first);
    }
    return this.#cursor;
  }

  async #close(): Promise<void> {
    const cursor = this.#cursor;
    this.#cursor = undefined;
    await cursor?.close();
  }
}

/** What E-steps over chunks come to, one sum for each of several sets of parameters. */
class Sums {
  readonly results: EStepResult[] = [];
  readonly #family: Family;
  readonly #count: number;

  constructor(family: Family, count: number) {
    this.#family = family;
    this.#count = count;
  }

  add(chunk: readonly EStepResult[]): void {
    for (let i = 0; i < this.#count; i++) {
      const before = this.results[i];
      const { logLikelihood, statistics } = chunk[i];
      this.results[i] = before
        ? {
            logLikelihood: before.logLikelihood + logLikelihood,
            statistics: this.#sum(before.statistics, statistics),
          }
        : chunk[i];
    }
  }

  /** The origin is the parameters' means for every chunk, but where a device took closer coordinates. */
  #sum(a: Statistics, b: Statistics): Statistics {
    const same = a.origin.every((value, i) => value === b.origin[i]);
    return same ? addStatistics(a, b) : sumAbout(this.#family, [b, 1], [a, 1]);
  }
}

/** Guidance of samples that are numbered from `first` on. */
function shifted(guidance: Guidance, first: number): Guidance {
  return {
    ...guidance,
    add: (sample, logJoint) => guidance.add(first + sample, logJoint),
    preferred: (sample) => guidance.preferred(first + sample),
    deviceValue: (sample, row) => guidance.deviceValue(first + sample, row),
    ...(guidance.tail && { tail: (sample: number) => guidance.tail!(first + sample) }),
  };
}
