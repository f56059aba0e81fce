import { atOnce, type Steps } from './pause.ts';

/**
 * A seeded stream of random numbers: sfc32 (Chris Doty-Humphrey's "small fast counting" generator, from PractRand),
 * whose state is filled from the seed by a SplitMix32 hash. The same seed gives the same numbers everywhere.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;
  #spare: number | undefined;

  /** @param seed any number; @param stream a second number, so that one seed gives independent streams */
  constructor(seed: number, stream = 0) {
    let state = (Math.trunc(seed) ^ Math.imul(Math.trunc(seed / 2 ** 32), 0x9e3779b1)) | 0;
    state = (state + Math.imul(stream + 1, 0x85ebca6b)) | 0;
    const next = (): number => {
      state = (state + 0x9e3779b9) | 0;
      let z = state;
      z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      return (z ^ (z >>> 15)) | 0;
    };
    this.#a = next();
    this.#b = next();
    this.#c = next();
    // the author's advice: the first dozen outputs still show the seed
    for (let i = 0; i < 12; i++) this.uint32();
  }

  /** An integer in [0, 2^32). */
  uint32(): number {
    const t = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + t;
    this.#c |= 0;
    return t >>> 0;
  }

  /** A number in the open interval (0, 1), 53 bits. */
  uniform(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 67108864 + low + 0.5) / 9007199254740992;
  }

  /** An integer in [0, n). */
  integer(n: number): number {
    return Math.min(n - 1, Math.floor(this.uniform() * n));
  }

  /** A standard normal number (Box and Muller 1958). */
  normal(): number {
    if (this.#spare !== undefined) {
      const value = this.#spare;
      this.#spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** `count` different integers of [0, n), in the order drawn (a partial Fisher-Yates shuffle, O(count) memory). */
  distinct(count: number, n: number): number[] {
    return atOnce(this.drawDistinct(count, n));
  }

  /** `distinct` in steps. */
  *drawDistinct(count: number, n: number): Steps<number[]> {
    const moved = new Map<number, number>();
    const drawn: number[] = [];
    for (let i = 0; i < count; i++) {
      const j = i + this.integer(n - i);
      drawn.push(moved.get(j) ?? j);
      moved.set(j, moved.get(i) ?? i);
      yield;
    }
    return drawn;
  }
}
