import { madd, splat } from './math.as';
import {
  constants, joint, nComponents, nFeatures, origins, residuals, ROW, tile, whitening, whiteningStride, y, z,
} from './state.as';

/**
 * ln(pi_k p(x | k)) = constant_k - |W_k (x - m_k)|^2 / 2 of a tile. Two rows of W by eight samples at a time: eight sums in registers,
 * each weight loaded once for four vectors. W comes in pairs of rows, the two numbers of a column side by side, then the second row's
 * own; an odd last row by itself.
 */
export function triangularJoint(): void {
  const blocks = tile >> 3;
  const features = <usize>nFeatures;
  for (let k = 0; k < nComponents; k++) {
    const component = <usize>k;
    const means = origins + component * features * 8;
    const w = whitening + component * whiteningStride;
    const constant = splat(constants + component * 8);
    let out = joint + component * <usize>tile * 8;
    let block = z;
    for (let b = 0; b < blocks; b++) {
      for (let d: usize = 0; d < features; d++) {
        const mean = splat(means + d * 8);
        const from = block + d * ROW;
        const to = residuals + d * ROW;
        v128.store(to, f64x2.sub(v128.load(from), mean));
        v128.store(to, f64x2.sub(v128.load(from, 16), mean), 16);
        v128.store(to, f64x2.sub(v128.load(from, 32), mean), 32);
        v128.store(to, f64x2.sub(v128.load(from, 48), mean), 48);
      }
      whitenedSquares(w, constant, out);
      out += ROW;
      block += features * ROW;
    }
  }
}

/** constant - |W r|^2 / 2 of the eight samples in `residuals`. */
// @ts-ignore: decorator
@inline
function whitenedSquares(from: usize, constant: v128, out: usize): void {
  let w = from;
  let q0 = f64x2.splat(0);
  let q1 = q0;
  let q2 = q0;
  let q3 = q0;
  let i = 0;
  for (; i + 1 < nFeatures; i += 2) {
    let a0 = f64x2.splat(0);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    let b0 = a0;
    let b1 = a0;
    let b2 = a0;
    let b3 = a0;
    let x = residuals;
    const end = residuals + (<usize>i + 1) * ROW;
    for (; x < end; x += ROW) {
      const wa = splat(w);
      const wb = v128.load64_splat(w, 8);
      w += 16;
      const x0 = v128.load(x);
      a0 = madd(wa, x0, a0);
      b0 = madd(wb, x0, b0);
      const x1 = v128.load(x, 16);
      a1 = madd(wa, x1, a1);
      b1 = madd(wb, x1, b1);
      const x2 = v128.load(x, 32);
      a2 = madd(wa, x2, a2);
      b2 = madd(wb, x2, b2);
      const x3 = v128.load(x, 48);
      a3 = madd(wa, x3, a3);
      b3 = madd(wb, x3, b3);
    }
    const last = splat(w);
    w += 8;
    b0 = madd(last, v128.load(x), b0);
    b1 = madd(last, v128.load(x, 16), b1);
    b2 = madd(last, v128.load(x, 32), b2);
    b3 = madd(last, v128.load(x, 48), b3);
    q0 = madd(b0, b0, madd(a0, a0, q0));
    q1 = madd(b1, b1, madd(a1, a1, q1));
    q2 = madd(b2, b2, madd(a2, a2, q2));
    q3 = madd(b3, b3, madd(a3, a3, q3));
  }
  if (i < nFeatures) {
    let a0 = f64x2.splat(0);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    let x = residuals;
    const end = residuals + <usize>nFeatures * ROW;
    for (; x < end; x += ROW) {
      const wa = splat(w);
      w += 8;
      a0 = madd(wa, v128.load(x), a0);
      a1 = madd(wa, v128.load(x, 16), a1);
      a2 = madd(wa, v128.load(x, 32), a2);
      a3 = madd(wa, v128.load(x, 48), a3);
    }
    q0 = madd(a0, a0, q0);
    q1 = madd(a1, a1, q1);
    q2 = madd(a2, a2, q2);
    q3 = madd(a3, a3, q3);
  }
  const half = f64x2.splat(-0.5);
  v128.store(out, madd(half, q0, constant));
  v128.store(out, madd(half, q1, constant), 16);
  v128.store(out, madd(half, q2, constant), 32);
  v128.store(out, madd(half, q3, constant), 48);
}

/** W z of a tile, for a whitening that all components share: |W (z - m)|^2 is then |W z - W m|^2, 2 D a component. */
export function whitenTile(): void {
  const blocks = tile >> 3;
  const size = <usize>nFeatures * ROW;
  for (let b = 0; b < blocks; b++) {
    const from = z + <usize>b * size;
    let to = y + <usize>b * size;
    let w = whitening;
    for (let i = 0; i < nFeatures; i++) {
      // (pairs of rows lie interleaved, an odd last one alone)
      const paired = (i | 1) < nFeatures;
      const step: usize = paired ? 16 : 8;
      let at = w + (paired ? <usize>(i & 1) * 8 : 0);
      let a0 = f64x2.splat(0);
      let a1 = a0;
      let a2 = a0;
      let a3 = a0;
      for (let j = 0; j <= i; j++) {
        const wa = splat(paired && j == i && (i & 1) ? at - 8 : at);
        at += step;
        const x = from + <usize>j * ROW;
        a0 = madd(wa, v128.load(x), a0);
        a1 = madd(wa, v128.load(x, 16), a1);
        a2 = madd(wa, v128.load(x, 32), a2);
        a3 = madd(wa, v128.load(x, 48), a3);
      }
      if (i & 1) w += (<usize>i * 2 + 1) * 8;
      v128.store(to, a0);
      v128.store(to, a1, 16);
      v128.store(to, a2, 32);
      v128.store(to, a3, 48);
      to += ROW;
    }
  }
}
