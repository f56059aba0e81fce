/** A value that several parts of the page read and change; each is told of every change. */
export class Store<T extends object> {
  #value: T;
  readonly #listeners = new Set<(value: T, before: T) => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  /** Changes these properties. Nobody is told where all are what they were. */
  set(change: Partial<T>): void {
    const keys = Object.keys(change) as (keyof T)[];
    if (keys.every((key) => Object.is(this.#value[key], change[key]))) return;
    const before = this.#value;
    this.#value = { ...before, ...change };
    for (const listener of this.#listeners) listener(this.#value, before);
  }

  /** Calls the listener after every change, until the function that is given back is called. */
  subscribe(listener: (value: T, before: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
