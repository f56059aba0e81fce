import { across, madd, splat } from './math.as';
import {
  joint, nComponents, nFeatures, origins, pending, pendingCounts, ROW, sums, sumsLength, tile, z,
} from './state.as';

/** Samples that wait, a component; and bytes of one feature of them. */
const PENDING: i32 = 64;
const LINE: usize = 512;

/** Bytes that a component's waiting samples take: an even number of features, then their responsibilities. */
// @ts-ignore: decorator
@inline
function pendingSize(): usize {
  return (<usize>((nFeatures + 1) & ~1) + 1) * LINE;
}

/**
 * sum r (x - m) and sum r (x - m)(x - m)' of a tile. Most responsibilities are 0 as soon as components are apart: pairs of samples
 * that have any are gathered, a component each, until 64 samples wait; then their products are summed, a block of 4 x 2 at a time in
 * registers.
 */
export function outerProducts(): void {
  const blocks = tile >> 3;
  const features = <usize>nFeatures;
  for (let k = 0; k < nComponents; k++) {
    const component = <usize>k;
    const means = origins + component * features * 8;
    const waiting = pending + component * pendingSize();
    const responsibilities = waiting + pendingSize() - LINE;
    const counter = pendingCounts + component * 4;
    let count = load<i32>(counter);
    let r = joint + component * <usize>tile * 8;
    let block = z;
    for (let b = 0; b < blocks; b++, r += ROW, block += features * ROW) {
      const r0 = v128.load(r);
      const r1 = v128.load(r, 16);
      const r2 = v128.load(r, 32);
      const r3 = v128.load(r, 48);
      if (!v128.any_true(v128.or(v128.or(r0, r1), v128.or(r2, r3)))) continue;
      if (count > PENDING - 8) {
        flush(k, count);
        count = 0;
      }
      const any0 = v128.any_true(r0);
      const any1 = v128.any_true(r1);
      const any2 = v128.any_true(r2);
      const any3 = v128.any_true(r3);
      if (any0 && any1 && any2 && any3) {
        let to = waiting + (<usize>count << 3);
        let from = block;
        for (let d: usize = 0; d < features; d++) {
          const mean = splat(means + d * 8);
          v128.store(to, f64x2.sub(v128.load(from), mean));
          v128.store(to, f64x2.sub(v128.load(from, 16), mean), 16);
          v128.store(to, f64x2.sub(v128.load(from, 32), mean), 32);
          v128.store(to, f64x2.sub(v128.load(from, 48), mean), 48);
          to += LINE;
          from += ROW;
        }
        to = responsibilities + (<usize>count << 3);
        v128.store(to, r0);
        v128.store(to, r1, 16);
        v128.store(to, r2, 32);
        v128.store(to, r3, 48);
        count += 8;
        continue;
      }
      if (any0) count = gather(block, means, waiting, responsibilities, count, r0);
      if (any1) count = gather(block + 16, means, waiting, responsibilities, count, r1);
      if (any2) count = gather(block + 32, means, waiting, responsibilities, count, r2);
      if (any3) count = gather(block + 48, means, waiting, responsibilities, count, r3);
    }
    store<i32>(counter, count);
  }
}

/** Adds a pair of samples to those that wait. */
// @ts-ignore: decorator
@inline
function gather(pair: usize, means: usize, waiting: usize, responsibilities: usize, count: i32, r: v128): i32 {
  let to = waiting + (<usize>count << 3);
  let from = pair;
  const end = means + (<usize>nFeatures << 3);
  for (let mean = means; mean < end; mean += 8) {
    v128.store(to, f64x2.sub(v128.load(from), splat(mean)));
    to += LINE;
    from += ROW;
  }
  v128.store(responsibilities + (<usize>count << 3), r);
  return count + 2;
}

/** Sums what still waits: at the end of a segment. */
export function flushAll(): void {
  for (let k = 0; k < nComponents; k++) {
    const counter = pendingCounts + (<usize>k << 2);
    const count = load<i32>(counter);
    if (count > 0) flush(k, count);
    store<i32>(counter, 0);
  }
}

function flush(k: i32, count: i32): void {
  const rows = pending + <usize>k * pendingSize();
  const responsibilities = rows + pendingSize() - LINE;
  const bytes = <usize>count << 3;
  const first = sums + (<usize>k * <usize>sumsLength << 3);
  const second = first + (<usize>nFeatures << 3);
  for (let d = 0; d < nFeatures; d++) {
    let even = f64x2.splat(0);
    const row = rows + <usize>d * LINE;
    for (let p: usize = 0; p < bytes; p += 16) {
      even = madd(v128.load(responsibilities + p), v128.load(row + p), even);
    }
    add(first + (<usize>d << 3), even);
  }
  let i = 0;
  for (; i + 4 <= nFeatures; i += 4) {
    for (let j = 0; j <= i + 2; j += 2) {
      blockOfFour(rows + <usize>i * LINE, rows + <usize>j * LINE, responsibilities, bytes, second, i, j);
    }
  }
  for (; i < nFeatures; i += 2) {
    for (let j = 0; j <= i; j += 2) {
      blockOfTwo(rows + <usize>i * LINE, rows + <usize>j * LINE, responsibilities, bytes, second, i, j);
    }
  }
}

// @ts-ignore: decorator
@inline
function add(at: usize, v: v128): void {
  store<f64>(at, load<f64>(at) + across(v));
}

/** Where element (i, j) of a triangle packed by rows is. */
// @ts-ignore: decorator
@inline
function packed(second: usize, i: i32, j: i32): usize {
  return second + (<usize>(((i * (i + 1)) >> 1) + j) << 3);
}

/** Rows i .. i + 3, columns j, j + 1. */
function blockOfFour(
  rowI: usize, rowJ: usize, responsibilities: usize, bytes: usize, second: usize, i: i32, j: i32,
): void {
  let a0 = f64x2.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let b0 = a0;
  let b1 = a0;
  let b2 = a0;
  let b3 = a0;
  for (let p: usize = 0; p < bytes; p += 16) {
    const r = v128.load(responsibilities + p);
    const ja = f64x2.mul(r, v128.load(rowJ + p));
    const jb = f64x2.mul(r, v128.load(rowJ + p, 512));
    const x0 = v128.load(rowI + p);
    a0 = madd(x0, ja, a0);
    b0 = madd(x0, jb, b0);
    const x1 = v128.load(rowI + p, 512);
    a1 = madd(x1, ja, a1);
    b1 = madd(x1, jb, b1);
    const x2 = v128.load(rowI + p, 1024);
    a2 = madd(x2, ja, a2);
    b2 = madd(x2, jb, b2);
    const x3 = v128.load(rowI + p, 1536);
    a3 = madd(x3, ja, a3);
    b3 = madd(x3, jb, b3);
  }
  // within the diagonal block, what is above the diagonal is left out
  if (j <= i) {
    add(packed(second, i, j), a0);
    add(packed(second, i + 1, j), a1);
    if (j < i) add(packed(second, i, j + 1), b0);
    add(packed(second, i + 1, j + 1), b1);
  }
  add(packed(second, i + 2, j), a2);
  add(packed(second, i + 3, j), a3);
  if (j <= i) add(packed(second, i + 2, j + 1), b2);
  add(packed(second, i + 3, j + 1), b3);
}

/** Rows i, i + 1, columns j, j + 1; row i + 1 may be the padding. */
function blockOfTwo(
  rowI: usize, rowJ: usize, responsibilities: usize, bytes: usize, second: usize, i: i32, j: i32,
): void {
  let a0 = f64x2.splat(0);
  let a1 = a0;
  let b0 = a0;
  let b1 = a0;
  for (let p: usize = 0; p < bytes; p += 16) {
    const r = v128.load(responsibilities + p);
    const ja = f64x2.mul(r, v128.load(rowJ + p));
    const jb = f64x2.mul(r, v128.load(rowJ + p, 512));
    const x0 = v128.load(rowI + p);
    a0 = madd(x0, ja, a0);
    b0 = madd(x0, jb, b0);
    const x1 = v128.load(rowI + p, 512);
    a1 = madd(x1, ja, a1);
    b1 = madd(x1, jb, b1);
  }
  add(packed(second, i, j), a0);
  if (j < i) add(packed(second, i, j + 1), b0);
  if (i + 1 < nFeatures) {
    add(packed(second, i + 1, j), a1);
    add(packed(second, i + 1, j + 1), b1);
  }
}
