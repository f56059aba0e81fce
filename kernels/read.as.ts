import { splat } from './math.as';
import {
  endSample, firstSample, laneWeights, means, nFeatures, ROW, sampleBytes, samples, scales, tile, weights, z,
} from './state.as';

/** Standardises tile `t` into `z`: (x - mean) / scale, as the reference divides. */
export function readTile(t: i32): void {
  const blocks = tile >> 3;
  const bytes = <usize>sampleBytes;
  const row = bytes * 8;
  let from = samples + <usize>(t * blocks) * <usize>nFeatures * row;
  let to = z;
  for (let b = 0; b < blocks; b++) {
    let at: usize = 0;
    for (let d = 0; d < nFeatures; d++) {
      const mean = splat(means + at);
      const scale = splat(scales + at);
      at += 8;
      for (let i: usize = 0; i < 4; i++) {
        const x =
          bytes == 4
            ? f64x2.promote_low_f32x4(v128.load64_zero(from + i * 8))
            : v128.load(from + i * 16);
        v128.store(to + i * 16, f64x2.div(f64x2.sub(x, mean), scale));
      }
      from += row;
      to += ROW;
    }
  }
}

/** The weights of tile `t`, 0 outside the range that is asked for. */
export function readWeights(t: i32): void {
  const first = t * tile;
  for (let i = 0; i < tile; i++) {
    const n = first + i;
    let weight: f64 = 0;
    if (n >= firstSample && n < endSample) {
      weight = weights ? load<f64>(weights + (<usize>n << 3)) : 1;
    }
    store<f64>(laneWeights + (<usize>i << 3), weight);
  }
}
