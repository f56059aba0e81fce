// Bernoulli without missing entries: the baselines are in the component's constant, less the sums to expect of its words.
// After a word's head: 8 vec4s of u, 8 of v, with x'_d slope_kd = x_d u_kd + v_kd. One of u + v and v is 0 and the other the slope,
// so that what a bit adds is exact; and a bit is unpacked once for four components.

fn log_density(component: u32, quad: u32) -> vec4f {
  var sum = vec4f(log_constant(component));
  for (var word = 0u; word < WORDS; word++) {
    let bits = sample_bits[word * dispatch.quad_stride + quad];
    let tables = word_tables(component, word);
    var part = vec4f(0.0);
    for (var group = 0u; group < 8u; group++) {
      part = add_bits(part, four_bits(bits, 1u << (4u * group)), tables + 1u + group);
    }
    sum += part + whitening[tables].z;
  }
  return sum;
}

fn log_densities(first: u32, quad: u32, last: u32) -> mat4x4f {
  let second = min(first + 1u, last);
  let third = min(first + 2u, last);
  let fourth = min(first + 3u, last);
  var a = vec4f(log_constant(first));
  var b = vec4f(log_constant(second));
  var c = vec4f(log_constant(third));
  var d = vec4f(log_constant(fourth));
  for (var word = 0u; word < WORDS; word++) {
    let bits = sample_bits[word * dispatch.quad_stride + quad];
    let tables_a = word_tables(first, word);
    let tables_b = word_tables(second, word);
    let tables_c = word_tables(third, word);
    let tables_d = word_tables(fourth, word);
    var part_a = vec4f(0.0);
    var part_b = vec4f(0.0);
    var part_c = vec4f(0.0);
    var part_d = vec4f(0.0);
    for (var group = 0u; group < 8u; group++) {
      let x = four_bits(bits, 1u << (4u * group));
      part_a = add_bits(part_a, x, tables_a + 1u + group);
      part_b = add_bits(part_b, x, tables_b + 1u + group);
      part_c = add_bits(part_c, x, tables_c + 1u + group);
      part_d = add_bits(part_d, x, tables_d + 1u + group);
    }
    a += part_a + whitening[tables_a].z;
    b += part_b + whitening[tables_b].z;
    c += part_c + whitening[tables_c].z;
    d += part_d + whitening[tables_d].z;
  }
  return mat4x4f(a, b, c, d);
}

// Four features (columns), the first of which has the bit `first`, of the four samples of a quad, as 0 and 1. Bits are masked, not
// shifted: SwiftShader shifts vectors number by number (3 times slower).
fn four_bits(bits: vec4u, first: u32) -> mat4x4f {
  let none = vec4f(0.0);
  let one = vec4f(1.0);
  return mat4x4f(
    select(none, one, (bits & vec4u(first)) != vec4u(0u)),
    select(none, one, (bits & vec4u(2u * first)) != vec4u(0u)),
    select(none, one, (bits & vec4u(4u * first)) != vec4u(0u)),
    select(none, one, (bits & vec4u(8u * first)) != vec4u(0u)),
  );
}

fn add_bits(sum: vec4f, x: mat4x4f, table: u32) -> vec4f {
  let u = whitening[table];
  let v = whitening[table + 8u];
  return sum + (x[0] * u.x + v.x) + (x[1] * u.y + v.y) + (x[2] * u.z + v.z) + (x[3] * u.w + v.w);
}
