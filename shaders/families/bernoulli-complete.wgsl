// Bernoulli without missing entries: the baselines are in the component's constant, less the sums to expect of its words.

fn log_density(component: u32, quad: u32) -> vec4f {
  var sum = vec4f(log_constant(component));
  for (var word = 0u; word < WORDS; word++) {
    let tables = word_tables(component, word);
    let head = whitening[tables];
    let surprises = sample_bits[word * dispatch.quad_stride + quad] ^ flips(head);
    sum += sum_where_set(tables + 1u, surprises) + head.z;
  }
  return sum;
}

struct Sums {
  surprises: mat4x4f,
  mass: f32,
}

fn add_sums(a: Sums, b: Sums) -> Sums {
  return Sums(a.surprises + b.surprises, a.mass + b.mass);
}

fn quad_sums(component: u32, block: vec2u, quad: u32, responsibility: vec4f) -> Sums {
  let head = whitening[word_tables(component, block.x)];
  let surprises = sample_bits[block.x * dispatch.quad_stride + quad] ^ flips(head);
  return Sums(weigh_bits(responsibility, surprises, block.y), dot(vec4f(1.0), responsibility));
}
