import { wordsOf } from '../data/bits.ts';
import {
  numbersOf,
  type Guide,
  type Hand,
  type Job,
  type JobResult,
  type ListPass,
  type PartialSum,
  type Rows,
  type ShardSpec,
  type Tables,
} from './job.ts';
import { instantiate, readGlobal, setGlobal, type Kernels } from './kernels.ts';
import { layOut, layOutGuide, Memory, OUTPUT_TILES, type Places } from './memory.ts';
import { LARGEST_TILE, pushSum, segmentSize } from './segments.ts';
import { nextTurn } from '../data/pause.ts';

/** A kernel call lasts about this long, and the event loop has its turn as often; milliseconds. */
const SLICE = 8;

/**
 * Consecutive samples in one WebAssembly memory, in blocks of eight (kernels/state.as.ts), and the passes over them. Used by a worker
 * thread for its own shard, and by the calling thread where there are no workers.
 */
export class Shard implements Hand {
  readonly #kernels: Kernels;
  readonly spec: ShardSpec;
  readonly #memory: Memory;
  readonly #samples: number;
  readonly #weights: number;
  /** Numbers (words) of a sample, and samples of a block. */
  readonly #width: number;
  readonly #mark: number;
  readonly #guides = new Map<number, Guide>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(kernels: Kernels, spec: ShardSpec) {
    this.#kernels = kernels;
    this.spec = spec;
    this.#memory = new Memory(kernels);
    const padded = Math.ceil(spec.count / LARGEST_TILE) * LARGEST_TILE;
    this.#width = spec.form === 'bits' ? wordsOf(spec.nFeatures) : spec.nFeatures;
    const bytes = spec.form === 'float64' ? 8 : 4;
    this.#samples = this.#memory.take(padded * this.#width * bytes);
    this.#weights = spec.weighted ? this.#memory.take(padded * 8) : 0;
    const globals = {
      samples: this.#samples,
      sampleBytes: spec.form === 'bits' ? 0 : bytes,
      words: this.#width,
      weights: this.#weights,
      means: this.#memory.put(spec.means),
      scales: this.#memory.put(spec.scales),
    };
    for (const [name, value] of Object.entries(globals)) setGlobal(kernels, name, value);
    this.#mark = this.#memory.mark();
  }

  static async open(module: WebAssembly.Module, spec: ShardSpec): Promise<Shard> {
    return new Shard(await instantiate(module), spec);
  }

  load(first: number, rows: Rows, weights?: Float64Array): Promise<Rows> {
    const { buffer } = this.#kernels.memory;
    const { form, firstSample } = this.spec;
    const at = first - firstSample;
    if (weights) new Float64Array(buffer, this.#weights + at * 8, weights.length).set(weights);
    if (form === 'bits') {
      const all = new Uint32Array(buffer, this.#samples);
      all.set(rows, at * this.#width);
    } else {
      const all = new (form === 'float32' ? Float32Array : Float64Array)(buffer, this.#samples);
      interleave(rows as Float64Array, this.#width, at, all);
    }
    return Promise.resolve(rows);
  }

  guide(number: number, known: Guide | undefined): Promise<void> {
    if (known) this.#guides.set(number, known);
    else this.#guides.delete(number);
    return Promise.resolve();
  }

  /** One job after the other: they share the memory. */
  run(job: Job, signal?: AbortSignal): Promise<JobResult> {
    const result = this.#turn.then(() => this.#run(job, signal));
    this.#turn = result.catch(() => {});
    return result;
  }

  close(): void {}

  async #run(job: Job, signal: AbortSignal | undefined): Promise<JobResult> {
    signal?.throwIfAborted();
    const spec = this.spec;
    this.#memory.rewind(this.#mark);
    const places = layOut(this.#kernels, this.#memory, spec, job);
    const guide = job.guide === undefined ? undefined : this.#guides.get(job.guide);
    layOutGuide(this.#kernels, this.#memory, guide, spec.count);
    const first = Math.max(0, job.firstSample - spec.firstSample);
    const end = Math.min(spec.count, job.endSample - spec.firstSample);
    setGlobal(this.#kernels, 'firstSample', first);
    setGlobal(this.#kernels, 'endSample', end);
    const pass = new Slices(signal);
    const { what, tables } = job;
    return what === 'eStep' || what === 'measure'
      ? { sums: await this.#sum(what, tables, places, first, end, pass) }
      : await this.#list(what, tables, places, first, end, pass);
  }

  /** Sums of the range's segments. */
  async #sum(
    what: 'eStep' | 'measure',
    tables: Tables,
    places: Places,
    first: number,
    end: number,
    pass: Slices,
  ): Promise<PartialSum[]> {
    const kernels = this.#kernels;
    const size = segmentSize(this.spec.nSamples);
    const firstSegment = this.spec.firstSample / size;
    const { tile } = places;
    const sums: PartialSum[] = [];
    for (let segment = Math.floor(first / size); segment * size < end; segment++) {
      this.#zero(tables.nComponents, tables.sumsLength, places);
      const from = Math.floor(Math.max(first, segment * size) / tile);
      const to = Math.ceil(Math.min(end, (segment + 1) * size) / tile);
      await pass.over(from, to, Infinity, (fromTile, toTile) => kernels[what](fromTile, toTile));
      if (what === 'eStep') kernels.endSegment();
      const { buffer } = kernels.memory;
      const numbers = what === 'eStep' ? tables.nComponents : 0;
      const values = new Float64Array(2 + numbers + numbers * tables.sumsLength);
      values[0] = readGlobal(kernels, 'logLikelihood');
      values[1] = readGlobal(kernels, 'entropy');
      values.set(new Float64Array(buffer, places.mass, numbers), 2);
      values.set(new Float64Array(buffer, places.sums, numbers * tables.sumsLength), 2 + numbers);
      pushSum(sums, { level: 0, index: firstSegment + segment, values });
    }
    return sums;
  }

  /** What there is to say of each sample of the range. */
  async #list(
    what: ListPass,
    tables: Tables,
    { tile, output }: Places,
    first: number,
    end: number,
    pass: Slices,
  ): Promise<JobResult> {
    const kernels = this.#kernels;
    const each = numbersOf(what, tables.nComponents);
    const count = Math.max(0, end - first) * each;
    const labels = what === 'predict';
    const values = labels ? new Int32Array(count) : new Float64Array(count);
    const from = Math.floor(first / tile);
    const to = count === 0 ? from : Math.ceil(end / tile);
    await pass.over(from, to, OUTPUT_TILES, (fromTile, toTile) => {
      kernels[what](fromTile, toTile);
      const begin = Math.max(first, fromTile * tile);
      const stop = Math.min(end, toTile * tile);
      const skipped = output + (begin - fromTile * tile) * each * values.BYTES_PER_ELEMENT;
      const length = (stop - begin) * each;
      const found = new (labels ? Int32Array : Float64Array)(
        kernels.memory.buffer,
        skipped,
        length,
      );
      values.set(found, (begin - first) * each);
    });
    return { firstSample: this.spec.firstSample + first, values };
  }

  #zero(nComponents: number, sumsLength: number, places: Places): void {
    const { buffer } = this.#kernels.memory;
    new Float64Array(buffer, places.mass, nComponents).fill(0);
    new Float64Array(buffer, places.sums, nComponents * sumsLength).fill(0);
    new Int32Array(buffer, places.pendingCounts, nComponents).fill(0);
    setGlobal(this.#kernels, 'logLikelihood', 0);
    setGlobal(this.#kernels, 'entropy', 0);
  }
}

/** Cuts a pass into kernel calls of a few milliseconds. */
class Slices {
  readonly #signal: AbortSignal | undefined;
  #tiles = 1;
  #since = performance.now();

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** @throws the signal's reason */
  async over(
    from: number,
    to: number,
    most: number,
    call: (fromTile: number, toTile: number) => void,
  ): Promise<void> {
    for (let at = from; at < to;) {
      const next = Math.min(to, at + Math.min(this.#tiles, most));
      const started = performance.now();
      call(at, next);
      const now = performance.now();
      if (now - started < SLICE / 2) this.#tiles *= 2;
      else if (now - started > SLICE) this.#tiles = Math.max(1, this.#tiles >> 1);
      at = next;
      if (now - this.#since < SLICE) continue;
      await nextTurn();
      this.#signal?.throwIfAborted();
      this.#since = performance.now();
    }
  }
}

/** Row by row to blocks of eight: feature d of sample s of a block at d * 8 + s. */
function interleave(
  rows: Float32Array | Float64Array,
  width: number,
  first: number,
  out: Float32Array | Float64Array,
): void {
  const count = rows.length / width;
  for (let n = 0, i = 0; n < count; n++) {
    const sample = first + n;
    const at = (sample >> 3) * width * 8 + (sample & 7);
    for (let d = 0; d < width; d++, i++) out[at + d * 8] = rows[i];
  }
}
