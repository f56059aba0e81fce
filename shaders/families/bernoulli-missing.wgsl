// Bernoulli with missing entries: sums over the observed bits of a second plane. After a word's head: 8 vec4s of slopes, 8 of
// baselines.

fn log_density(component: u32, quad: u32) -> vec4f {
  var sum = vec4f(log_constant(component));
  for (var word = 0u; word < WORDS; word++) {
    let tables = word_tables(component, word);
    let at = word * dispatch.quad_stride + quad;
    let observed = sample_mask[at];
    let surprises = (sample_bits[at] ^ flips(whitening[tables])) & observed;
    sum += sum_where_set(tables + 1u, surprises) + sum_where_set(tables + 9u, observed);
  }
  return sum;
}

struct Sums {
  surprises: mat4x4f,
  observed: mat4x4f,
  mass: f32,
}

fn add_sums(a: Sums, b: Sums) -> Sums {
  return Sums(a.surprises + b.surprises, a.observed + b.observed, a.mass + b.mass);
}

fn quad_sums(component: u32, block: vec2u, quad: u32, responsibility: vec4f) -> Sums {
  let at = block.x * dispatch.quad_stride + quad;
  let observed = sample_mask[at];
  let surprises = (sample_bits[at] ^ flips(whitening[word_tables(component, block.x)])) & observed;
  return Sums(
    weigh_bits(responsibility, surprises, block.y),
    weigh_bits(responsibility, observed, block.y),
    dot(vec4f(1.0), responsibility),
  );
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
