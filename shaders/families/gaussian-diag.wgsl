// Gaussian, diagonal covariance (and spherical). Twin of src/families/gaussian-diag.ts.
// a_nk = constant_k - sum_d ((x_nd - m_kd) / sigma_kd)^2 / 2. Whitening: 1 / sigma, a vec4 per block of features.

fn log_density(component: u32, quad: u32) -> vec4f {
  var square = vec4f(0.0);
  for (var block = 0u; block < BLOCKS; block++) {
    square = add_squares(square, features(block, quad), low_features(block, quad), component, block);
  }
  return log_constant(component) - 0.5 * square;
}

// Four components at a time, as far as `last`: each number of a sample is read once for all four.
fn log_densities(first: u32, quad: u32, last: u32) -> mat4x4f {
  let second = min(first + 1u, last);
  let third = min(first + 2u, last);
  let fourth = min(first + 3u, last);
  var a = vec4f(0.0);
  var b = vec4f(0.0);
  var c = vec4f(0.0);
  var d = vec4f(0.0);
  for (var block = 0u; block < BLOCKS; block++) {
    let x = features(block, quad);
    let low = low_features(block, quad);
    a = add_squares(a, x, low, first, block);
    b = add_squares(b, x, low, second, block);
    c = add_squares(c, x, low, third, block);
    d = add_squares(d, x, low, fourth, block);
  }
  return mat4x4f(
    log_constant(first) - 0.5 * a,
    log_constant(second) - 0.5 * b,
    log_constant(third) - 0.5 * c,
    log_constant(fourth) - 0.5 * d,
  );
}

fn add_squares(sum: vec4f, x: mat4x4f, low: mat4x4f, component: u32, block: u32) -> vec4f {
  let scale = whitening[component * WHITENING_STRIDE + block];
  let y = scaled_residuals(x, low, component, block, scale);
  return sum + y[0] * y[0] + y[1] * y[1] + y[2] * y[2] + y[3] * y[3];
}
