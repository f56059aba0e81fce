import { compileKernels } from './compile.ts';
import type { Hand, ShardSpec } from './job.ts';
import { shardSamples } from './segments.ts';
import { Shard } from './shard.ts';
import { WorkerHands } from './worker-hand.ts';

/** Bytes of samples in one WebAssembly memory, which ends at 4 GiB and must hold sums and tables too: beyond, a thread has several. */
const SHARD_BYTES = 2 ** 30;

/** The worker threads of a context: started when samples first need them, ended with it. */
export class Pool {
  readonly threads: number;
  /** Kernel operations of one pass and one component from which on workers are worth their start. */
  readonly leastWork: number;
  readonly shardBytes: number;
  #workers: Promise<WorkerHands[]> | undefined;
  #disposed = false;

  constructor(threads: number, leastWork: number, shardBytes = SHARD_BYTES) {
    this.threads = threads;
    this.leastWork = leastWork;
    this.shardBytes = shardBytes;
  }

  /**
   * Hands that own the samples together, in order: workers', or the calling thread's alone.
   * @param work operations of one pass and one component
   * @param withoutWorkers told where workers cannot be made, and why
   */
  async open(
    spec: Omit<ShardSpec, 'firstSample' | 'count'>,
    work: number,
    withoutWorkers: (reason: string) => void,
  ): Promise<Hand[]> {
    const module = await compileKernels();
    const small = work < this.leastWork;
    const workers = small ? [] : await this.#start(withoutWorkers);
    const bytes = spec.nSamples * spec.nFeatures * (spec.form === 'float64' ? 8 : 4);
    const threads = Math.max(1, workers.length);
    const each = Math.ceil(bytes / (spec.form === 'bits' ? 32 : 1) / threads / this.shardBytes);
    const shards = shardSamples(spec.nSamples, threads * each);
    return Promise.all(
      shards.map((shard, i) => {
        const whole = { ...spec, ...shard };
        const worker = workers[Math.floor((i * workers.length) / shards.length)];
        return worker ? worker.open(module, whole) : Shard.open(module, whole);
      }),
    );
  }

  dispose(): void {
    this.#disposed = true;
    void this.#workers?.then((workers) => {
      for (const worker of workers) worker.terminate();
    });
  }

  #start(withoutWorkers: (reason: string) => void): Promise<WorkerHands[]> {
    this.#workers ??= (async () => {
      const started: WorkerHands[] = [];
      try {
        for (let i = 0; i < this.threads; i++) started.push(new WorkerHands());
        await Promise.all(started.map((worker) => worker.ready));
      } catch (error) {
        for (const worker of started.splice(0)) worker.terminate();
        withoutWorkers(error instanceof Error ? error.message : String(error));
      }
      if (this.#disposed) for (const worker of started) worker.terminate();
      return started;
    })();
    return this.#workers;
  }
}
