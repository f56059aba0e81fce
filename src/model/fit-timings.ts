import type { Dataset } from '../em/dataset.ts';

/**
 * Where the time from a fit's call to the end of its first iteration went, in milliseconds by the clock; 0 where there was nothing
 * to do. Samples are uploaded, kernels compiled and a start looked for side by side: the parts may come to more than `total`.
 */
export interface FitTimings {
  /** Samples read and checked, and their columns' moments found; 0 for a dataset. */
  readonly check: number;
  /** Samples brought to the device; 0 for a dataset that is there already, and on the CPU. */
  readonly upload: number;
  /** Kernels compiled, of which most go side by side; 0 on the CPU, and where the context has them from before. */
  readonly compile: number;
  /** The starts of the restarts that begin together, from where the samples are ready. */
  readonly init: number;
  /** The first iteration: E-step and M-step. */
  readonly firstIteration: number;
  /** From the call to the end of the first iteration, without what the caller did between two steps. */
  readonly total: number;
}

/** The clock of one fit. */
export class FitTimer {
  readonly #called = performance.now();
  #dataset: Dataset | undefined;
  #uploadedBefore = 0;
  #compiledBefore = 0;
  #check = 0;
  #ready = 0;
  #started: number | undefined;
  #timings: FitTimings | undefined;

  /** The samples are checked; what they came in had these clocks. @param check milliseconds that it took */
  checked(dataset: Dataset, check: number): void {
    this.#dataset = dataset;
    this.#check = check;
    this.#uploadedBefore = dataset.uploading.milliseconds;
    this.#compiledBefore = dataset.context?.compiling.milliseconds ?? 0;
  }

  /** The samples are where they are computed on. */
  ready(): void {
    this.#ready = performance.now();
  }

  /** A restart has its start: the first one counts. */
  started(): void {
    this.#started ??= performance.now();
  }

  /** An iteration has ended: the first one counts. */
  iterated(milliseconds: number): void {
    this.#timings ??= this.#take(milliseconds);
  }

  /** As they are; until the first iteration has ended, without it. */
  get timings(): FitTimings {
    return this.#timings ?? this.#take(0);
  }

  #take(firstIteration: number): FitTimings {
    const started = this.#started ?? performance.now();
    const { uploading, context } = this.#dataset!;
    return {
      check: this.#check,
      upload: uploading.milliseconds - this.#uploadedBefore,
      compile: (context?.compiling.milliseconds ?? 0) - this.#compiledBefore,
      init: started - this.#ready,
      firstIteration,
      total: started - this.#called + firstIteration,
    };
  }
}
