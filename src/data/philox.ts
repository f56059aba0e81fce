/**
 * Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011): a counter-based
 * generator. Four random words are a function of a counter and a key alone, so a number that is keyed on a sample's index does
 * not depend on chunks, workgroups or the order of anything. Twin of shaders/philox.wgsl.
 */
const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
/** What the key grows by each round: the golden ratio, and the square root of 3 less 1. */
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

/** Two words. */
export type PhiloxKey = readonly [number, number];

/**
 * The four words of a counter, written to `out`.
 * @param counter four u32; may be `out` itself
 */
export function philox(counter: ArrayLike<number>, key: PhiloxKey, out: Uint32Array): void {
  let c0 = counter[0];
  let c1 = counter[1];
  let c2 = counter[2];
  let c3 = counter[3];
  let k0 = key[0] | 0;
  let k1 = key[1] | 0;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + WEYL_0) | 0;
    k1 = (k1 + WEYL_1) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** The upper 32 bits of a product of two u32, by limbs of 16 bits: no sum of these leaves 32 bits. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const first = aHigh * bLow + ((aLow * bLow) >>> 16);
  const second = aLow * bHigh + (first & 0xffff);
  return aHigh * bHigh + (first >>> 16) + (second >>> 16);
}

/** What a stream of numbers is for: the last word of its counters, so that no two uses share a number. */
export const PhiloxUse = { SEEDING: 1, RESPONSIBILITIES: 2, SKETCH: 3 } as const;

/**
 * Numbers in (0, 1), 32 bits and a half, of one key and use, by (index, round): number i of a round is word i % 4 of counter
 * (i / 4, 0, round, use).
 */
export class KeyedUniforms {
  readonly #key: PhiloxKey;
  readonly #use: number;
  readonly #words = new Uint32Array(4);
  readonly #counter = new Uint32Array(4);
  #held = -1;
  #heldRound = -1;

  constructor(key: PhiloxKey, use: number) {
    this.#key = key;
    this.#use = use;
  }

  at(index: number, round = 0): number {
    const counter = Math.floor(index / 4);
    if (counter !== this.#held || round !== this.#heldRound) {
      this.#counter[0] = counter;
      this.#counter[1] = Math.floor(counter / 2 ** 32);
      this.#counter[2] = round;
      this.#counter[3] = this.#use;
      philox(this.#counter, this.#key, this.#words);
      this.#held = counter;
      this.#heldRound = round;
    }
    return (this.#words[index % 4] + 0.5) / 2 ** 32;
  }
}
