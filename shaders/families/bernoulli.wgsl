// Bernoulli on samples of 32 features a word: what bernoulli-complete.wgsl and bernoulli-missing.wgsl share.
// Twin of src/families/bernoulli-device.ts. The device sees surprises x' = x XOR [theta > 1/2]:
//   ln p(x | theta_k) = sum_d baseline_kd + x'_d slope_kd,   slope = -|log-odds|, baseline = ln max(theta, 1 - theta)
// Tables, per component and word, WORD_VECTORS vec4s: a head (flips of features 0-15, of 16-31, sum to expect, 0), 8 vec4s of
// slopes and, where entries are missing, 8 of baselines. Slopes are 0 after the last feature.

// Where a component's tables of a word begin.
fn word_tables(component: u32, word: u32) -> u32 {
  return component * WHITENING_STRIDE + word * WORD_VECTORS;
}

fn flips(head: vec4f) -> vec4u {
  return vec4u(u32(head.x) | (u32(head.y) << 16u));
}

// The sum over a word of the table's values where the bit is set, for four samples. Written out: a loop would add to llvmpipe's
// count of iterations. Bits are masked, not shifted: SwiftShader shifts vectors number by number (3 times slower).
fn sum_where_set(table: u32, bits: vec4u) -> vec4f {
  let a = four_where_set(whitening[table], bits, 0x1u);
  let b = four_where_set(whitening[table + 1u], bits, 0x10u);
  let c = four_where_set(whitening[table + 2u], bits, 0x100u);
  let d = four_where_set(whitening[table + 3u], bits, 0x1000u);
  let e = four_where_set(whitening[table + 4u], bits, 0x10000u);
  let f = four_where_set(whitening[table + 5u], bits, 0x100000u);
  let g = four_where_set(whitening[table + 6u], bits, 0x1000000u);
  let h = four_where_set(whitening[table + 7u], bits, 0x10000000u);
  return ((a + b) + (c + d)) + ((e + f) + (g + h));
}

// Four features, the first of which has the bit `first`.
fn four_where_set(values: vec4f, bits: vec4u, first: u32) -> vec4f {
  let x = value_where_set(values.x, bits & vec4u(first));
  let y = value_where_set(values.y, bits & vec4u(2u * first));
  let z = value_where_set(values.z, bits & vec4u(4u * first));
  let w = value_where_set(values.w, bits & vec4u(8u * first));
  return (x + y) + (z + w);
}

fn value_where_set(value: f32, bit: vec4u) -> vec4f {
  return select(vec4f(0.0), vec4f(value), bit != vec4u(0u));
}

// One block of sums: 16 features, half a word (x the word, y where the half begins).
const BLOCK_COUNT = (D + 15u) / 16u;

fn block_at(index: u32) -> vec2u {
  return vec2u(index / 2u, 16u * (index % 2u));
}

// Sums over a quad of the weight where the bit is set, for the 16 features from `first` on, four a column.
fn weigh_bits(weights: vec4f, bits: vec4u, first: u32) -> mat4x4f {
  let low = bits >> vec4u(first);
  return mat4x4f(
    weigh_four(weights, low, vec4u(0x1u, 0x2u, 0x4u, 0x8u)),
    weigh_four(weights, low, vec4u(0x10u, 0x20u, 0x40u, 0x80u)),
    weigh_four(weights, low, vec4u(0x100u, 0x200u, 0x400u, 0x800u)),
    weigh_four(weights, low, vec4u(0x1000u, 0x2000u, 0x4000u, 0x8000u)),
  );
}

fn weigh_four(weights: vec4f, bits: vec4u, four: vec4u) -> vec4f {
  return (weight_where_set(weights.x, vec4u(bits.x) & four) + weight_where_set(weights.y, vec4u(bits.y) & four)) +
    (weight_where_set(weights.z, vec4u(bits.z) & four) + weight_where_set(weights.w, vec4u(bits.w) & four));
}

// One sample, four features: its weight where the feature's bit is set, else 0.
fn weight_where_set(weight: f32, bit: vec4u) -> vec4f {
  return select(vec4f(0.0), vec4f(weight), bit != vec4u(0u));
}
