// Gaussian, one variance for all features: sum gamma x, sum gamma |W (x - m)|^2, sum gamma. The square is known from a_nk, which
// is kept beside gamma; so a number of a sample costs one fused multiply-add. What x is off from m is taken out by the host: where
// no component is narrow beside the samples' reach, float32 leaves it 2^-14 of a deviation at worst, and 2^-20 as a rule.
// One block of sums: eight features (rows of `low` and `high`) of four components (columns); in block 0 the squares, a row a sample.
struct Sums {
  low: mat4x4f,
  high: mat4x4f,
  squares: mat4x4f,
  mass: vec4f,
}

const BLOCK_COUNT = (BLOCKS + 1u) / 2u;

fn add_sums(a: Sums, b: Sums) -> Sums {
  return Sums(a.low + b.low, a.high + b.high, a.squares + b.squares, a.mass + b.mass);
}

fn block_at(index: u32) -> vec2u {
  return vec2u(index, 0u);
}

fn accumulate(sums: Sums, component: u32, block: vec2u, quad: u32) -> Sums {
  let at = dispatch.first_quad + quad;
  let low = transpose(features(2u * block.x, at));
  let high = transpose(features(2u * block.x + 1u, at));
  let weights = mat4x4f(
    responsibility(component, quad),
    responsibility(component + 1u, quad),
    responsibility(component + 2u, quad),
    responsibility(component + 3u, quad),
  );
  var squares = sums.squares;
  var mass = sums.mass;
  if (block.x == 0u) {
    squares = mat4x4f(
      squares[0] + weights[0] * square(component, quad),
      squares[1] + weights[1] * square(component + 1u, quad),
      squares[2] + weights[2] * square(component + 2u, quad),
      squares[3] + weights[3] * square(component + 3u, quad),
    );
    let masses = transpose(weights);
    mass = mass + masses[0] + masses[1] + masses[2] + masses[3];
  }
  return Sums(
    mat4x4f(
      add_weighted(sums.low[0], low, weights[0]),
      add_weighted(sums.low[1], low, weights[1]),
      add_weighted(sums.low[2], low, weights[2]),
      add_weighted(sums.low[3], low, weights[3]),
    ),
    mat4x4f(
      add_weighted(sums.high[0], high, weights[0]),
      add_weighted(sums.high[1], high, weights[1]),
      add_weighted(sums.high[2], high, weights[2]),
      add_weighted(sums.high[3], high, weights[3]),
    ),
    squares,
    mass,
  );
}

fn add_weighted(sum: vec4f, x: mat4x4f, weights: vec4f) -> vec4f {
  return sum + x[0] * weights.x + x[1] * weights.y + x[2] * weights.z + x[3] * weights.w;
}

// |W (x - m)|^2 = 2 (constant - a)
fn square(component: u32, quad: u32) -> vec4f {
  let own = min(component, dispatch.stacked_components - 1u);
  return 2.0 * (log_constant(own) - joint[(dispatch.stacked_components + own) * dispatch.joint_stride + quad]);
}
