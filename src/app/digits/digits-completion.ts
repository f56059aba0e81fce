import { createContext } from '../../index.ts';
import type { BernoulliMixture, Context } from '../../index.ts';
import type { Mask } from './digits-mask.ts';

/** A digit with a part of it hidden, and the mixture that is to fill it in. */
export interface Completing {
  readonly mixture: BernoulliMixture;
  /** A byte a pixel, 0 or 1: the whole digit. */
  readonly pixels: Uint8Array;
  readonly hidden: Mask;
}

export interface Completion extends Completing {
  /** A number a pixel: the seen ones as they are, the hidden ones by their posterior predictive mean. */
  readonly filled: ArrayLike<number>;
  /** One a component, given what is seen; they sum to 1. */
  readonly responsibilities: ArrayLike<number>;
}

/**
 * Completes the newest digit asked for. What is under way is finished and shown first, so that a hand that paints
 * without a pause sees every completion that there is time for, and never an old one last.
 *
 * It computes on the CPU, in float64, whatever the fit runs on: one digit takes a few milliseconds, and does not wait
 * for the device to end an iteration over all digits.
 */
export class Completer {
  readonly #onDone: (completion: Completion) => void;
  readonly #onError: (error: unknown) => void;
  readonly #cpu: Promise<Context> = createContext({ backend: 'cpu' });
  #wanted: Completing | undefined;
  #busy = false;
  #cancelled = 0;

  constructor(onDone: (completion: Completion) => void, onError: (error: unknown) => void) {
    this.#onDone = onDone;
    this.#onError = onError;
  }

  complete(wanted: Completing): void {
    this.#wanted = wanted;
    if (!this.#busy) void this.#work();
  }

  /** What is under way is not shown any more: the digits or the mixture are gone. */
  cancel(): void {
    this.#wanted = undefined;
    this.#cancelled++;
  }

  async #work(): Promise<void> {
    this.#busy = true;
    try {
      for (let task = this.#take(); task; task = this.#take()) {
        const cancelled = this.#cancelled;
        const completion = await compute(task, await this.#cpu);
        if (cancelled === this.#cancelled) this.#onDone(completion);
      }
    } catch (error) {
      this.#onError(error);
    } finally {
      this.#busy = false;
    }
  }

  #take(): Completing | undefined {
    const task = this.#wanted;
    this.#wanted = undefined;
    return task;
  }
}

async function compute(task: Completing, context: Context): Promise<Completion> {
  const { mixture, pixels, hidden } = task;
  const samples = {
    data: pixels,
    mask: hidden.map((isHidden) => 1 - isHidden),
    nSamples: 1,
    nFeatures: pixels.length,
  };
  const { data } = await mixture.impute(samples, { context });
  const responsibilities = await mixture.predictProba(samples, { context });
  return { ...task, filled: data, responsibilities };
}

/** Mean of -ln p(pixel) over the hidden pixels, in nats; 0 where none is hidden. */
export function crossEntropy(
  predicted: ArrayLike<number>,
  pixels: Uint8Array,
  hidden: Mask,
): number {
  let total = 0;
  let nHidden = 0;
  for (let d = 0; d < pixels.length; d++) {
    if (hidden[d] === 0) continue;
    nHidden++;
    total -= Math.log(pixels[d] === 1 ? predicted[d] : 1 - predicted[d]);
  }
  return nHidden === 0 ? 0 : total / nHidden;
}

/** The mean of every pixel by the mixture, when nothing is seen: sum over k of weight times probability. */
export function meanImage({ weights, probabilities, nFeatures }: BernoulliMixture): Float64Array {
  const mean = new Float64Array(nFeatures);
  weights.forEach((weight, k) => {
    for (let d = 0; d < nFeatures; d++) mean[d] += weight * probabilities[k * nFeatures + d];
  });
  return mean;
}
