// Gaussian, diagonal covariance. Sums of residuals x - m, per feature: sum gamma (x - m), sum gamma (x - m)^2; and sum gamma. Each is about its own feature
// alone: rounding is relative to its own spread without a whitening.
// One block of sums: four features (rows) of four components (columns).
struct Sums {
  first: mat4x4f,
  second: mat4x4f,
  mass: vec4f,
}

const BLOCK_COUNT = BLOCKS;

fn add_sums(a: Sums, b: Sums) -> Sums {
  return Sums(a.first + b.first, a.second + b.second, a.mass + b.mass);
}

fn block_at(index: u32) -> vec2u {
  return vec2u(index, 0u);
}

fn accumulate(sums: Sums, component: u32, block: vec2u, quad: u32) -> Sums {
  let at = dispatch.first_quad + quad;
  let x = features(block.x, at);
  let low = low_features(block.x, at);
  let last = dispatch.stacked_components - 1u;
  let x0 = transpose(centred(x, low, dispatch.moment_offset + component, block.x));
  let x1 = transpose(centred(x, low, dispatch.moment_offset + min(component + 1u, last), block.x));
  let x2 = transpose(centred(x, low, dispatch.moment_offset + min(component + 2u, last), block.x));
  let x3 = transpose(centred(x, low, dispatch.moment_offset + min(component + 3u, last), block.x));
  let weights0 = responsibility(component, quad);
  let weights1 = responsibility(component + 1u, quad);
  let weights2 = responsibility(component + 2u, quad);
  let weights3 = responsibility(component + 3u, quad);
  // a column a component, one sample a term
  let masses = transpose(mat4x4f(weights0, weights1, weights2, weights3));
  return Sums(
    mat4x4f(
      add_weighted(sums.first[0], x0, weights0),
      add_weighted(sums.first[1], x1, weights1),
      add_weighted(sums.first[2], x2, weights2),
      add_weighted(sums.first[3], x3, weights3),
    ),
    mat4x4f(
      add_weighted(sums.second[0], squares(x0), weights0),
      add_weighted(sums.second[1], squares(x1), weights1),
      add_weighted(sums.second[2], squares(x2), weights2),
      add_weighted(sums.second[3], squares(x3), weights3),
    ),
    sums.mass + masses[0] + masses[1] + masses[2] + masses[3],
  );
}

fn add_weighted(sum: vec4f, x: mat4x4f, weights: vec4f) -> vec4f {
  return sum + x[0] * weights.x + x[1] * weights.y + x[2] * weights.z + x[3] * weights.w;
}

fn squares(x: mat4x4f) -> mat4x4f {
  return mat4x4f(x[0] * x[0], x[1] * x[1], x[2] * x[2], x[3] * x[3]);
}
