import type { Hand, Job, JobResult } from '../cpu/job.ts';
import { totalOf } from '../cpu/segments.ts';
import { MixtureError } from '../errors.ts';
import type { Family } from '../families/family.ts';
import type { Context } from '../gpu/context.ts';
import type { Dataset } from './dataset.ts';
import type { Guidance } from './guidance.ts';
import { samplesOnThreads, type ThreadSamples } from './thread-samples.ts';

/** Passes over a dataset that lies on the threads of a context: each does its own share, and the shares are put together. */
export class ThreadPasses {
  readonly #dataset: Dataset;
  readonly #family: Pick<Family, 'coordinates'>;
  readonly #bits: boolean;
  readonly #context: Context;
  readonly #guidance: Guidance | undefined;
  #guide: Promise<number> | undefined;
  #hands: readonly Hand[] = [];

  /**
   * @param bits whether the kernels read the samples as bits, or as numbers in the family's coordinates
   * @param guidance labels or priors of the samples
   */
  constructor(
    dataset: Dataset,
    family: Pick<Family, 'coordinates'>,
    bits: boolean,
    context: Context,
    guidance?: Guidance,
  ) {
    this.#dataset = dataset;
    this.#family = family;
    this.#bits = bits;
    this.#context = context;
    this.#guidance = guidance;
  }

  /** Brings the samples to the threads, where they are not yet. */
  async prepare(): Promise<void> {
    await this.#samples();
  }

  /** Takes the guidance from the threads; the samples stay with the dataset. */
  dispose(): void {
    const hands = this.#hands;
    this.#guide
      ?.then((number) => Promise.all(hands.map((hand) => hand.guide(number, undefined))))
      .catch(() => {
        // a thread that is gone has nothing to give back
      });
  }

  /** The sums of a pass: [log-likelihood, entropy, masses, sums]. */
  async sum(job: Job, signal: AbortSignal | undefined): Promise<Float64Array> {
    const results = await this.#run(job, signal);
    return totalOf(results.flatMap((result) => ('sums' in result ? result.sums : [])));
  }

  /** What a pass says of each sample, to `out`. @param offset the sample that `out` begins with @param each numbers a sample */
  async list(
    job: Job,
    out: Float64Array | Int32Array,
    signal: AbortSignal | undefined,
    offset = 0,
    each = 1,
  ): Promise<void> {
    for (const result of await this.#run(job, signal)) {
      if ('sums' in result || result.values.length === 0) continue;
      out.set(result.values, (result.firstSample - offset) * each);
    }
  }

  async #run(job: Job, signal: AbortSignal | undefined): Promise<JobResult[]> {
    signal?.throwIfAborted();
    try {
      const { hands } = await this.#samples();
      if (this.#guidance)
        this.#guide ??= sendGuidance(
          hands,
          this.#guidance,
          this.#dataset.nSamples,
          job.tables.nComponents,
        );
      this.#hands = hands;
      const guided = { ...job, guide: await this.#guide };
      signal?.throwIfAborted();
      // (a batch lies on one thread or two)
      const concerned = hands.filter(
        ({ spec: { firstSample, count } }) =>
          firstSample < job.endSample && job.firstSample < firstSample + count,
      );
      return await Promise.all(concerned.map((hand) => hand.run(guided, signal)));
    } catch (error) {
      // a context that was disposed of meanwhile has ended its workers
      if (signal?.aborted) throw error;
      this.#dataset.assertUsable();
      throw inWords(error);
    }
  }

  #samples(): Promise<ThreadSamples> {
    return samplesOnThreads(this.#dataset, this.#family, this.#bits, this.#context);
  }
}

let guides = 0;

/** Each thread's share of what is known of the samples. @returns the number it is kept under */
async function sendGuidance(
  hands: readonly Hand[],
  guidance: Guidance,
  nSamples: number,
  nComponents: number,
): Promise<number> {
  const number = guides++;
  await Promise.all(
    hands.map(({ spec: { firstSample, count } }, i) => {
      // (a stream's last chunk has less than there is room for)
      const own = Math.min(count, nSamples - firstSample);
      if (guidance.kind === 'labels') {
        const labels = new Int32Array(count).fill(-1);
        for (let n = 0; n < own; n++) labels[n] = guidance.preferred(firstSample + n);
        return hands[i].guide(number, labels);
      }
      // ln tau is what is added to zeros
      const taus = new Float64Array(count * nComponents);
      for (let n = 0; n < own; n++) {
        guidance.add(firstSample + n, taus.subarray(n * nComponents, (n + 1) * nComponents));
      }
      return hands[i].guide(number, taus);
    }),
  );
  return number;
}

/** What an engine says of a memory that cannot grow, as the library's error; anything else as it is. */
function inWords(error: unknown): unknown {
  if (!/memory|allocation/i.test(String(error))) return error;
  return new MixtureError(
    'OUT_OF_MEMORY',
    `A worker thread has no room for its part of the samples or for the sums: ${String(error)}.`,
    'Fit a random part of the samples, or fewer components at once.',
    {},
    error,
  );
}
