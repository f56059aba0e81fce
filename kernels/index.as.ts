/**
 * The float64 kernels of the CPU side: what em/reference.ts says sample by sample, a tile of samples at a time. Passes are called with
 * whole tiles of a shard, `from` up to `to`, as often as the host likes: sums go on where they were.
 */
import { bitsJoint, bitsStatistics } from './bits.as';
import { diagonalJoint, diagonalStatistics } from './diagonal.as';
import { exp, log } from './math.as';
import { flushAll, outerProducts } from './outer-products.as';
import { readTile, readWeights } from './read.as';
import { measureTile, scoreTile, settleTile } from './settle.as';
import {
  guide, guideKind, inverse, joint, kind, logarithms, nComponents, ones, origins, output, tile, whitenedMeans,
  whitening, whiteningStride, y, z,
} from './state.as';
import { triangularJoint, whitenTile } from './triangular.as';

export * from './state.as';

/** ln(pi_k p(x_n | k)) of a tile, and ln tau_nk where there is guidance. */
function jointOf(t: i32): void {
  if (kind == 3) bitsJoint(t);
  else {
    readTile(t);
    if (kind == 0) triangularJoint();
    else if (kind == 1) {
      whitenTile();
      diagonalJoint(y, whitenedMeans, ones, 0);
    } else diagonalJoint(z, origins, whitening, whiteningStride);
  }
  if (guideKind) addGuidance(t);
}

function addGuidance(t: i32): void {
  for (let n = 0; n < tile; n++) {
    const sample = <usize>(t * tile + n);
    const label = guideKind == 1 ? load<i32>(guide + (sample << 2)) : 0;
    if (label < 0) continue;
    const taus = guide + (sample * <usize>nComponents << 3);
    for (let k = 0; k < nComponents; k++) {
      const at = joint + (<usize>(k * tile + n) << 3);
      if (guideKind == 2) store<f64>(at, load<f64>(at) + load<f64>(taus + (<usize>k << 3)));
      else if (k != label) store<f64>(at, -Infinity);
    }
  }
}

/** Responsibilities and statistics. */
export function eStep(from: i32, to: i32): void {
  for (let t = from; t < to; t++) {
    readWeights(t);
    jointOf(t);
    settleTile();
    if (kind == 3) bitsStatistics(t);
    else if (kind == 2) diagonalStatistics();
    else outerProducts();
  }
}

/** At the end of a segment: what still waits to be summed is. */
export function endSegment(): void {
  if (kind < 2) flushAll();
}

/** Log-likelihood and entropy. */
export function measure(from: i32, to: i32): void {
  for (let t = from; t < to; t++) {
    readWeights(t);
    jointOf(t);
    scoreTile();
    measureTile();
  }
}

/** ln p(x_n) to `output`, one float64 a sample of these tiles. */
export function score(from: i32, to: i32): void {
  let out = output;
  for (let t = from; t < to; t++) {
    jointOf(t);
    scoreTile();
    memory.copy(out, inverse, <usize>tile << 3);
    out += <usize>tile << 3;
  }
}

/** argmax_k, the first on a tie, to `output`, one int32 a sample of these tiles; -1 where no component can have made it. */
export function predict(from: i32, to: i32): void {
  let out = output;
  for (let t = from; t < to; t++) {
    jointOf(t);
    for (let n = 0; n < tile; n++, out += 4) {
      let best = 0;
      let most = load<f64>(joint + (<usize>n << 3));
      for (let k = 1; k < nComponents; k++) {
        const value = load<f64>(joint + (<usize>(k * tile + n) << 3));
        if (value > most) {
          most = value;
          best = k;
        }
      }
      store<i32>(out, most > -Infinity ? best : -1);
    }
  }
}

/** max_k a_nk and the first k that has it, to `output`, two float64 a sample of these tiles: what initialisation asks of candidates. */
export function nearest(from: i32, to: i32): void {
  let out = output;
  for (let t = from; t < to; t++) {
    jointOf(t);
    for (let n: usize = 0; n < <usize>tile << 3; n += 16, out += 32) {
      let most = v128.load(joint + n);
      let best = f64x2.splat(0);
      for (let k = 1; k < nComponents; k++) {
        const value = v128.load(joint + n + (<usize>(k * tile) << 3));
        const better = f64x2.gt(value, most);
        most = v128.bitselect(value, most, better);
        best = v128.bitselect(f64x2.splat(<f64>k), best, better);
      }
      v128.store(out, v128.shuffle<f64>(most, best, 0, 2));
      v128.store(out, v128.shuffle<f64>(most, best, 1, 3), 16);
    }
  }
}

/**
 * gamma_nk, or ln gamma_nk, to `output`, K float64 a sample of these tiles (an even number of samples); NaN where no component can have
 * made it.
 */
export function responsibilities(from: i32, to: i32): void {
  let out = output;
  for (let t = from; t < to; t++) {
    jointOf(t);
    scoreTile();
    for (let n = 0; n < tile; n++) {
      const score = load<f64>(inverse + (<usize>n << 3));
      for (let k = 0; k < nComponents; k++, out += 8) {
        store<f64>(out, load<f64>(joint + (<usize>(k * tile + n) << 3)) - score);
      }
    }
  }
  if (logarithms) return;
  for (let at = output; at < out; at += 16) {
    const v = v128.load(at);
    v128.store(at, v128.bitselect(v, exp(v), f64x2.ne(v, v)));
  }
}

/** exp and ln of `count` numbers (even) at `output`, in place: for their test. */
export function exponentials(count: i32): void {
  for (let i: usize = 0; i < <usize>count << 3; i += 16) {
    v128.store(output + i, exp(v128.load(output + i)));
  }
}

export function naturalLogarithms(count: i32): void {
  for (let i: usize = 0; i < <usize>count << 3; i += 16) {
    v128.store(output + i, log(v128.load(output + i)));
  }
}
