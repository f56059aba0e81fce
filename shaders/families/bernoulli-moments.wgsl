// Bernoulli without missing entries: sum gamma x', sum gamma.
// One block of sums: 16 features (four rows of each matrix) of four components (columns).
struct Sums {
  first: mat4x4f,
  second: mat4x4f,
  third: mat4x4f,
  fourth: mat4x4f,
  mass: vec4f,
}

fn add_sums(a: Sums, b: Sums) -> Sums {
  return Sums(a.first + b.first, a.second + b.second, a.third + b.third, a.fourth + b.fourth, a.mass + b.mass);
}

fn accumulate(sums: Sums, component: u32, block: vec2u, quad: u32) -> Sums {
  let last = dispatch.stacked_components - 1u;
  let bits = sample_bits[block.x * dispatch.quad_stride + dispatch.first_quad + quad];
  let flipped = vec4u(
    flips(whitening[word_tables(component, block.x)]).x,
    flips(whitening[word_tables(min(component + 1u, last), block.x)]).x,
    flips(whitening[word_tables(min(component + 2u, last), block.x)]).x,
    flips(whitening[word_tables(min(component + 3u, last), block.x)]).x,
  );
  let weights = mat4x4f(
    responsibility(component, quad),
    responsibility(component + 1u, quad),
    responsibility(component + 2u, quad),
    responsibility(component + 3u, quad),
  );
  let masses = transpose(weights);
  return Sums(
    add_surprises(sums.first, bits, flipped, weights, 1u << block.y),
    add_surprises(sums.second, bits, flipped, weights, 0x10u << block.y),
    add_surprises(sums.third, bits, flipped, weights, 0x100u << block.y),
    add_surprises(sums.fourth, bits, flipped, weights, 0x1000u << block.y),
    sums.mass + masses[0] + masses[1] + masses[2] + masses[3],
  );
}

// Four features (rows) of four components (columns).
fn add_surprises(sum: mat4x4f, bits: vec4u, flipped: vec4u, weights: mat4x4f, first: u32) -> mat4x4f {
  let x = transpose(four_bits(bits, first));
  return mat4x4f(
    add_differing(sum[0], x, bits_of(flipped.x, first), weights[0]),
    add_differing(sum[1], x, bits_of(flipped.y, first), weights[1]),
    add_differing(sum[2], x, bits_of(flipped.z, first), weights[2]),
    add_differing(sum[3], x, bits_of(flipped.w, first), weights[3]),
  );
}

fn bits_of(word: u32, first: u32) -> vec4f {
  let masks = vec4u(first, 2u * first, 4u * first, 8u * first);
  return select(vec4f(0.0), vec4f(1.0), (vec4u(word) & masks) != vec4u(0u));
}

// |x - flip| is 1 where they differ: exact, and one operation beside the multiply-add.
fn add_differing(sum: vec4f, x: mat4x4f, flip: vec4f, weights: vec4f) -> vec4f {
  return sum + abs(x[0] - flip) * weights.x + abs(x[1] - flip) * weights.y + abs(x[2] - flip) * weights.z
    + abs(x[3] - flip) * weights.w;
}
