// Gaussian, full covariance: sum gamma (x - m)(x - m)', sum gamma (x - m), sum gamma, about the current mean.
// Their rounding is relative to the component's marginal deviations: the host asks for these sums where no feature is nearly told
// by the others (src/families/gaussian-full-moments.ts), and for gaussian-full-whitened.wgsl's elsewhere.
// One block of sums: rows of features 8 x .. 8 x + 7, columns 8 y .. 8 y + 7, y <= x: 64 sums in registers for 16 features read.
// On the diagonal, the upper quarter is left 0, and the first moments and the mass are summed too.
struct Sums {
  low_low: mat4x4f,
  high_low: mat4x4f,
  low_high: mat4x4f,
  high_high: mat4x4f,
  first_low: vec4f,
  first_high: vec4f,
  mass: f32,
}

const SQUARES = (BLOCKS + 1u) / 2u;
const BLOCK_COUNT = SQUARES * (SQUARES + 1u) / 2u;

fn add_sums(a: Sums, b: Sums) -> Sums {
  return Sums(
    a.low_low + b.low_low,
    a.high_low + b.high_low,
    a.low_high + b.low_high,
    a.high_high + b.high_high,
    a.first_low + b.first_low,
    a.first_high + b.first_high,
    a.mass + b.mass,
  );
}

fn block_at(index: u32) -> vec2u {
  var row = 0u;
  var start = 0u;
  while (start + row + 1u <= index) {
    start += row + 1u;
    row++;
  }
  return vec2u(row, index - start);
}

fn accumulate(sums: Sums, component: u32, block: vec2u, quad: u32) -> Sums {
  let weights = responsibility(component, quad);
  let at = dispatch.first_quad + quad;
  let low = residuals(component, 2u * block.x, at);
  let high = residuals(component, 2u * block.x + 1u, at);
  let low_rows = weighted_rows(low, weights);
  let high_rows = weighted_rows(high, weights);
  if (block.x == block.y) {
    return Sums(
      add_outer(sums.low_low, low_rows, low),
      add_outer(sums.high_low, high_rows, low),
      sums.low_high,
      add_outer(sums.high_high, high_rows, high),
      sums.first_low + low_rows[0] + low_rows[1] + low_rows[2] + low_rows[3],
      sums.first_high + high_rows[0] + high_rows[1] + high_rows[2] + high_rows[3],
      sums.mass + weights.x + weights.y + weights.z + weights.w,
    );
  }
  let low_columns = residuals(component, 2u * block.y, at);
  let high_columns = residuals(component, 2u * block.y + 1u, at);
  return Sums(
    add_outer(sums.low_low, low_rows, low_columns),
    add_outer(sums.high_low, high_rows, low_columns),
    add_outer(sums.low_high, low_rows, high_columns),
    add_outer(sums.high_high, high_rows, high_columns),
    sums.first_low,
    sums.first_high,
    sums.mass,
  );
}

// A column a sample: its weight times four features.
fn weighted_rows(x: mat4x4f, weights: vec4f) -> mat4x4f {
  return transpose(mat4x4f(x[0] * weights, x[1] * weights, x[2] * weights, x[3] * weights));
}

// Column j: the four row features times column feature j, over the four samples.
fn add_outer(sum: mat4x4f, rows: mat4x4f, x: mat4x4f) -> mat4x4f {
  return mat4x4f(
    sum[0] + rows[0] * x[0].x + rows[1] * x[0].y + rows[2] * x[0].z + rows[3] * x[0].w,
    sum[1] + rows[0] * x[1].x + rows[1] * x[1].y + rows[2] * x[1].z + rows[3] * x[1].w,
    sum[2] + rows[0] * x[2].x + rows[1] * x[2].y + rows[2] * x[2].z + rows[3] * x[2].w,
    sum[3] + rows[0] * x[3].x + rows[1] * x[3].y + rows[2] * x[3].z + rows[3] * x[3].w,
  );
}
