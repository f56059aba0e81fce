// Bernoulli on samples of 32 features a word: what bernoulli-complete.wgsl and bernoulli-missing.wgsl share.
// Twin of src/families/bernoulli-device.ts. The device sees surprises x' = x XOR [theta > 1/2]:
//   ln p(x | theta_k) = sum_d baseline_kd + x'_d slope_kd,   slope = -|log-odds|, baseline = ln max(theta, 1 - theta)
// Tables, per component and word, WORD_VECTORS vec4s: a head (flips of features 0-15, of 16-31, sum to expect, 0), then as each
// file says. Slopes are 0 after the last feature.

// Where a component's tables of a word begin.
fn word_tables(component: u32, word: u32) -> u32 {
  return component * WHITENING_STRIDE + word * WORD_VECTORS;
}

fn flips(head: vec4f) -> vec4u {
  return vec4u(u32(head.x) | (u32(head.y) << 16u));
}

// One block of sums: 16 features, half a word (x the word, y where the half begins).
const BLOCK_COUNT = (D + 15u) / 16u;

fn block_at(index: u32) -> vec2u {
  return vec2u(index / 2u, 16u * (index % 2u));
}
