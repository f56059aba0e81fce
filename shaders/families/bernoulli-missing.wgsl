// Bernoulli with missing entries: sums over the observed bits of a second plane.

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
