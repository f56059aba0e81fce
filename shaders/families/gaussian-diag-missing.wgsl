// Gaussian, diagonal covariance (and its kin), where some entries are missing. Twin of src/families/gaussian-diagonal.ts.
// a_nk = ln pi_k + sum over observed d of c_kd - ((x_nd - m_kd) / sigma_kd)^2 / 2, c_kd what feature d adds to a component's
// constant. Tables: for each block of features a vec4 of 1 / sigma, then a vec4 of c.

// MISSING less any mean is far below every residual of an observed entry.
fn is_observed(residual: vec4f) -> vec4<bool> {
  return residual > vec4f(0.5 * MISSING);
}

// x - m of one feature, 0 where it is missing.
fn observed_only(residual: vec4f) -> vec4f {
  return select(vec4f(0.0), residual, is_observed(residual));
}

// Terms of one sign are summed 32 blocks at a time, and ln pi_k comes last: one running sum of 512 features would lose 2 to 5
// times more of float32 (measured on llvmpipe).
fn log_density(component: u32, quad: u32) -> vec4f {
  var sum = vec4f(0.0);
  for (var first = 0u; first < BLOCKS; first += 32u) {
    var part = vec4f(0.0);
    let end = min(first + 32u, BLOCKS);
    for (var block = first; block < end; block++) {
      let x = residuals(component, block, quad);
      let table = component * WHITENING_STRIDE + 2u * block;
      let scale = whitening[table];
      let constants = whitening[table + 1u];
      part += feature_term(x[0], scale.x, constants.x)
        + feature_term(x[1], scale.y, constants.y)
        + feature_term(x[2], scale.z, constants.z)
        + feature_term(x[3], scale.w, constants.w);
    }
    sum += part;
  }
  return log_constant(component) + sum;
}

fn feature_term(residual: vec4f, scale: f32, constant: f32) -> vec4f {
  let y = observed_only(residual) * scale;
  return select(vec4f(0.0), vec4f(constant) - 0.5 * y * y, is_observed(residual));
}

// Statistics of whitened residuals y = (x - m) / sigma, per feature, over what is observed: sum gamma y, sum gamma y^2,
// sum gamma; and sum gamma over all samples. One block of sums: four features.
struct Sums {
  first: vec4f,
  second: vec4f,
  observed: vec4f,
  mass: f32,
}

const BLOCK_COUNT = BLOCKS;

fn add_sums(a: Sums, b: Sums) -> Sums {
  return Sums(a.first + b.first, a.second + b.second, a.observed + b.observed, a.mass + b.mass);
}

fn block_at(index: u32) -> vec2u {
  return vec2u(index, 0u);
}

fn quad_sums(component: u32, block: vec2u, quad: u32, responsibility: vec4f) -> Sums {
  let coordinates = component + dispatch.moment_offset;
  let x = residuals(coordinates, block.x, quad);
  let scale = whitening[coordinates * WHITENING_STRIDE + 2u * block.x];
  let y = mat4x4f(
    observed_only(x[0]) * scale.x,
    observed_only(x[1]) * scale.y,
    observed_only(x[2]) * scale.z,
    observed_only(x[3]) * scale.w,
  );
  let weighted = responsibility * y;
  let second = vec4f(
    dot(responsibility * y[0], y[0]),
    dot(responsibility * y[1], y[1]),
    dot(responsibility * y[2], y[2]),
    dot(responsibility * y[3], y[3]),
  );
  let none = vec4f(0.0);
  let observed = vec4f(
    dot(responsibility, select(none, vec4f(1.0), is_observed(x[0]))),
    dot(responsibility, select(none, vec4f(1.0), is_observed(x[1]))),
    dot(responsibility, select(none, vec4f(1.0), is_observed(x[2]))),
    dot(responsibility, select(none, vec4f(1.0), is_observed(x[3]))),
  );
  return Sums(weighted, second, observed, dot(vec4f(1.0), responsibility));
}
