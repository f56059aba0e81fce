import {
  anyCertain, certain, constants, joint, likely, list, nComponents, nFeatures, paddedComponents, samples, slopes, sums,
  sumsLength, tile, words,
} from './state.as';

/** Lists the features that are 1 in sample n, four bytes each, at `list`. @returns how many */
function listOnes(n: i32): i32 {
  const from = samples + (<usize>n * <usize>words << 2);
  let count = 0;
  for (let w = 0; w < words; w++) {
    let word = load<u32>(from + (<usize>w << 2));
    while (word) {
      store<i32>(list + (<usize>count << 2), (w << 5) + ctz(word));
      count++;
      word &= word - 1;
    }
  }
  return count;
}

/** Eight vectors of components at a time: baseline + the rows of log-odds of the features that are 1. */
export function bitsJoint(t: i32): void {
  const row = <usize>paddedComponents << 3;
  for (let i = 0; i < tile; i++) {
    const n = t * tile + i;
    const end = list + (<usize>listOnes(n) << 2);
    let k = 0;
    for (; k + 16 <= paddedComponents; k += 16) {
      const at = slopes + (<usize>k << 3);
      const base = constants + (<usize>k << 3);
      let a0 = v128.load(base);
      let a1 = v128.load(base, 16);
      let a2 = v128.load(base, 32);
      let a3 = v128.load(base, 48);
      let a4 = v128.load(base, 64);
      let a5 = v128.load(base, 80);
      let a6 = v128.load(base, 96);
      let a7 = v128.load(base, 112);
      for (let one = list; one < end; one += 4) {
        const from = at + <usize>load<u32>(one) * row;
        a0 = f64x2.add(a0, v128.load(from));
        a1 = f64x2.add(a1, v128.load(from, 16));
        a2 = f64x2.add(a2, v128.load(from, 32));
        a3 = f64x2.add(a3, v128.load(from, 48));
        a4 = f64x2.add(a4, v128.load(from, 64));
        a5 = f64x2.add(a5, v128.load(from, 80));
        a6 = f64x2.add(a6, v128.load(from, 96));
        a7 = f64x2.add(a7, v128.load(from, 112));
      }
      put(k, i, a0);
      put(k + 2, i, a1);
      put(k + 4, i, a2);
      put(k + 6, i, a3);
      put(k + 8, i, a4);
      put(k + 10, i, a5);
      put(k + 12, i, a6);
      put(k + 14, i, a7);
    }
    for (; k < paddedComponents; k += 4) {
      const at = slopes + (<usize>k << 3);
      const base = constants + (<usize>k << 3);
      let a0 = v128.load(base);
      let a1 = v128.load(base, 16);
      let b0 = f64x2.splat(0);
      let b1 = b0;
      let one = list;
      for (; one + 4 < end; one += 8) {
        const from = at + <usize>load<u32>(one) * row;
        const next = at + <usize>load<u32>(one, 4) * row;
        a0 = f64x2.add(a0, v128.load(from));
        a1 = f64x2.add(a1, v128.load(from, 16));
        b0 = f64x2.add(b0, v128.load(next));
        b1 = f64x2.add(b1, v128.load(next, 16));
      }
      if (one < end) {
        const from = at + <usize>load<u32>(one) * row;
        a0 = f64x2.add(a0, v128.load(from));
        a1 = f64x2.add(a1, v128.load(from, 16));
      }
      put(k, i, f64x2.add(a0, b0));
      put(k + 2, i, f64x2.add(a1, b1));
    }
    if (anyCertain) ruleOut(n, i);
  }
}

/** Components k, k + 1 of sample i; `joint` has room for the padding. */
// @ts-ignore: decorator
@inline
function put(k: i32, i: i32, v: v128): void {
  const at = joint + (<usize>(k * tile + i) << 3);
  v128.store_lane<f64>(at, v, 0);
  v128.store_lane<f64>(at + (<usize>tile << 3), v, 1);
}

/** A feature that is 1 for certain and is not: the component cannot have made the sample. */
function ruleOut(n: i32, i: i32): void {
  const bits = samples + (<usize>n * <usize>words << 2);
  for (let k = 0; k < nComponents; k++) {
    const row = certain + (<usize>k * <usize>words << 2);
    let against: u32 = 0;
    for (let w: usize = 0; w < <usize>words << 2; w += 4) {
      against |= load<u32>(row + w) & ~load<u32>(bits + w);
    }
    if (against) store<f64>(joint + (<usize>(k * tile + i) << 3), -Infinity);
  }
}

/** sum r x, and sum r (1 - x) of the features that are likelier 1: the rarer value is counted, as in families/bernoulli.ts. */
export function bitsStatistics(t: i32): void {
  for (let i = 0; i < tile; i++) {
    const n = t * tile + i;
    const bits = samples + (<usize>n * <usize>words << 2);
    let end: usize = 0;
    for (let k = 0; k < nComponents; k++) {
      const r = load<f64>(joint + (<usize>(k * tile + i) << 3));
      if (r == 0) continue;
      if (end == 0) end = list + (<usize>listOnes(n) << 2);
      const ones = sums + (<usize>k * <usize>sumsLength << 3);
      for (let one = list; one < end; one += 4) {
        const at = ones + (<usize>load<u32>(one) << 3);
        store<f64>(at, load<f64>(at) + r);
      }
      const zeros = ones + (<usize>nFeatures << 3);
      const row = likely + (<usize>k * <usize>words << 2);
      for (let w = 0; w < words; w++) {
        let word = load<u32>(row + (<usize>w << 2)) & ~load<u32>(bits + (<usize>w << 2));
        while (word) {
          const at = zeros + (<usize>((w << 5) + ctz(word)) << 3);
          store<f64>(at, load<f64>(at) + r);
          word &= word - 1;
        }
      }
    }
  }
}
