import type { Hand } from '../cpu/job.ts';

/** Memory on worker threads that chunks of a stream use one after another: made for the largest of them, written over for the next. */
export class ThreadSlot {
  /** The most samples that a chunk has. */
  readonly chunkSamples: number;
  readonly #hands = new Map<string, Promise<readonly Hand[]>>();
  #disposed = false;

  constructor(chunkSamples: number) {
    this.chunkSamples = chunkSamples;
  }

  /** @param form what the memory holds @param open makes it, for so many samples */
  async hands(form: string, open: () => Promise<readonly Hand[]>): Promise<readonly Hand[]> {
    // (a chunk on its way when the reading was given up: nobody hears of it)
    if (this.#disposed) throw new Error('The memory of a stream is asked for after its end.');
    let hands = this.#hands.get(form);
    if (!hands) {
      hands = open();
      this.#hands.set(form, hands);
      hands.catch(() => this.#hands.delete(form));
    }
    return hands;
  }

  dispose(): void {
    this.#disposed = true;
    for (const hands of this.#hands.values()) {
      // (what could not be opened has been reported)
      hands.then((opened) => opened.forEach((hand) => hand.close())).catch(() => {});
    }
    this.#hands.clear();
  }
}
