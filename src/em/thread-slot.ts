import type { Hand } from '../cpu/job.ts';

/** Memory on worker threads that chunks of a stream use one after another: made for the largest of them, written over for the next. */
export class ThreadSlot {
  /** The most samples that a chunk has. */
  readonly chunkSamples: number;
  readonly #hands = new Map<string, Promise<readonly Hand[]>>();

  constructor(chunkSamples: number) {
    this.chunkSamples = chunkSamples;
  }

  /** @param form what the memory holds @param open makes it, for so many samples */
  hands(form: string, open: () => Promise<readonly Hand[]>): Promise<readonly Hand[]> {
    let hands = this.#hands.get(form);
    if (!hands) {
      hands = open();
      this.#hands.set(form, hands);
      hands.catch(() => this.#hands.delete(form));
    }
    return hands;
  }

  dispose(): void {
    for (const hands of this.#hands.values()) {
      // (what could not be opened has been reported)
      hands.then((opened) => opened.forEach((hand) => hand.close())).catch(() => {});
    }
    this.#hands.clear();
  }
}
