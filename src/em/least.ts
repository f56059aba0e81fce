/** The smallest of many keys with their indices, the first on a tie: a heap of as many as are asked for, the largest on top. */
export class Least {
  readonly #most: number;
  readonly #heap: { readonly key: number; readonly index: number }[] = [];

  /** @param most how many to keep */
  constructor(most: number) {
    this.#most = most;
  }

  offer(key: number, index: number): void {
    const heap = this.#heap;
    const offered = { key, index };
    if (heap.length < this.#most) {
      let at = heap.push(offered) - 1;
      for (let parent = (at - 1) >> 1; at > 0 && after(heap[at], heap[parent]);) {
        [heap[at], heap[parent]] = [heap[parent], heap[at]];
        at = parent;
        parent = (at - 1) >> 1;
      }
      return;
    }
    if (heap.length === 0 || !after(heap[0], offered)) return;
    heap[0] = offered;
    for (let at = 0; ;) {
      let largest = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && after(heap[child], heap[largest])) largest = child;
      }
      if (largest === at) return;
      [heap[at], heap[largest]] = [heap[largest], heap[at]];
      at = largest;
    }
  }

  /** In the order of their keys. */
  indices(): number[] {
    return this.#heap
      .slice()
      .sort((a, b) => a.key - b.key || a.index - b.index)
      .map(({ index }) => index);
  }
}

const after = (
  a: { readonly key: number; readonly index: number },
  b: { readonly key: number; readonly index: number },
): boolean => a.key > b.key || (a.key === b.key && a.index > b.index);
