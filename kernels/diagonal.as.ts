import { across, madd, splat } from './math.as';
import {
  constants, joint, list, nComponents, nFeatures, origins, ROW, sums, sumsLength, tile, whitening, whiteningStride, z,
} from './state.as';

/**
 * constant_k - sum_d (w_kd (x_d - m_kd))^2 / 2 of a tile: two components by eight samples at a time, so that each number of a sample is
 * loaded once for both.
 * @param points TILE x D: standardised, or whitened where the whitening is shared
 * @param centres K x D, and `w` with `stride` bytes a component likewise
 */
export function diagonalJoint(points: usize, centres: usize, w: usize, stride: usize): void {
  const blocks = tile >> 3;
  const features = <usize>nFeatures;
  const half = f64x2.splat(-0.5);
  for (let k = 0; k < nComponents; k += 2) {
    const first = <usize>k;
    // (an odd last component is computed twice)
    const second = <usize>min(k + 1, nComponents - 1);
    const ma = centres + first * features * 8;
    const mb = centres + second * features * 8;
    const wa = w + first * stride;
    const wb = w + second * stride;
    const ca = splat(constants + first * 8);
    const cb = splat(constants + second * 8);
    let outA = joint + first * <usize>tile * 8;
    let outB = joint + second * <usize>tile * 8;
    let x = points;
    for (let b = 0; b < blocks; b++) {
      let a0 = f64x2.splat(0);
      let a1 = a0;
      let a2 = a0;
      let a3 = a0;
      let b0 = a0;
      let b1 = a0;
      let b2 = a0;
      let b3 = a0;
      const end = features * 8;
      for (let d: usize = 0; d < end; d += 8) {
        const meanA = splat(ma + d);
        const meanB = splat(mb + d);
        const scaleA = splat(wa + d);
        const scaleB = splat(wb + d);
        let v = v128.load(x);
        let u = f64x2.mul(f64x2.sub(v, meanA), scaleA);
        a0 = madd(u, u, a0);
        u = f64x2.mul(f64x2.sub(v, meanB), scaleB);
        b0 = madd(u, u, b0);
        v = v128.load(x, 16);
        u = f64x2.mul(f64x2.sub(v, meanA), scaleA);
        a1 = madd(u, u, a1);
        u = f64x2.mul(f64x2.sub(v, meanB), scaleB);
        b1 = madd(u, u, b1);
        v = v128.load(x, 32);
        u = f64x2.mul(f64x2.sub(v, meanA), scaleA);
        a2 = madd(u, u, a2);
        u = f64x2.mul(f64x2.sub(v, meanB), scaleB);
        b2 = madd(u, u, b2);
        v = v128.load(x, 48);
        u = f64x2.mul(f64x2.sub(v, meanA), scaleA);
        a3 = madd(u, u, a3);
        u = f64x2.mul(f64x2.sub(v, meanB), scaleB);
        b3 = madd(u, u, b3);
        x += ROW;
      }
      v128.store(outA, madd(half, a0, ca));
      v128.store(outA, madd(half, a1, ca), 16);
      v128.store(outA, madd(half, a2, ca), 32);
      v128.store(outA, madd(half, a3, ca), 48);
      v128.store(outB, madd(half, b0, cb));
      v128.store(outB, madd(half, b1, cb), 16);
      v128.store(outB, madd(half, b2, cb), 32);
      v128.store(outB, madd(half, b3, cb), 48);
      outA += ROW;
      outB += ROW;
    }
  }
}

/**
 * sum r (x - m) and sum r (x - m)^2 of a tile: the pairs of samples with any responsibility are listed, then four features at a time
 * keep their eight sums in registers over the list.
 */
export function diagonalStatistics(): void {
  const blocks = tile >> 3;
  const features = <usize>nFeatures;
  // responsibilities of the listed pairs, then where their samples are
  const places = list + <usize>tile * 8;
  for (let k = 0; k < nComponents; k++) {
    const component = <usize>k;
    let length: usize = 0;
    let r = joint + component * <usize>tile * 8;
    for (let b = 0; b < blocks; b++) {
      for (let pair: usize = 0; pair < ROW; pair += 16, r += 16) {
        const both = v128.load(r);
        if (!v128.any_true(both)) continue;
        v128.store(list + (length << 4), both);
        store<u32>(places + (length << 2), <u32>(z + <usize>b * features * ROW + pair));
        length++;
      }
    }
    if (length == 0) continue;
    const means = origins + component * features * 8;
    const first = sums + (component * <usize>sumsLength << 3);
    const second = first + features * 8;
    let d: usize = 0;
    for (; d + 4 <= features; d += 4) {
      fourFeatures(places, length, d * ROW, means + d * 8, first + d * 8, second + d * 8);
    }
    for (; d < features; d++) {
      const mean = splat(means + d * 8);
      let a = f64x2.splat(0);
      let s = a;
      for (let i: usize = 0; i < length; i++) {
        const x = f64x2.sub(v128.load(<usize>load<u32>(places + (i << 2)) + d * ROW), mean);
        const rx = f64x2.mul(v128.load(list + (i << 4)), x);
        a = f64x2.add(a, rx);
        s = madd(rx, x, s);
      }
      add(first + d * 8, a);
      add(second + d * 8, s);
    }
  }
}

function fourFeatures(
  places: usize, length: usize, feature: usize, means: usize, first: usize, second: usize,
): void {
  const m0 = splat(means);
  const m1 = v128.load64_splat(means, 8);
  const m2 = v128.load64_splat(means, 16);
  const m3 = v128.load64_splat(means, 24);
  let a0 = f64x2.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let s0 = a0;
  let s1 = a0;
  let s2 = a0;
  let s3 = a0;
  for (let i: usize = 0; i < length; i++) {
    const r = v128.load(list + (i << 4));
    const at = <usize>load<u32>(places + (i << 2)) + feature;
    let x = f64x2.sub(v128.load(at), m0);
    let rx = f64x2.mul(r, x);
    a0 = f64x2.add(a0, rx);
    s0 = madd(rx, x, s0);
    x = f64x2.sub(v128.load(at, 64), m1);
    rx = f64x2.mul(r, x);
    a1 = f64x2.add(a1, rx);
    s1 = madd(rx, x, s1);
    x = f64x2.sub(v128.load(at, 128), m2);
    rx = f64x2.mul(r, x);
    a2 = f64x2.add(a2, rx);
    s2 = madd(rx, x, s2);
    x = f64x2.sub(v128.load(at, 192), m3);
    rx = f64x2.mul(r, x);
    a3 = f64x2.add(a3, rx);
    s3 = madd(rx, x, s3);
  }
  add(first, a0);
  add(first + 8, a1);
  add(first + 16, a2);
  add(first + 24, a3);
  add(second, s0);
  add(second + 8, s1);
  add(second + 16, s2);
  add(second + 24, s3);
}

// @ts-ignore: decorator
@inline
function add(at: usize, v: v128): void {
  store<f64>(at, load<f64>(at) + across(v));
}
