// Gaussian, diagonal covariance (and spherical). Twin of src/families/gaussian-diag.ts.
// a_nk = constant_k - sum_d ((x_nd - m_kd) / sigma_kd)^2 / 2. Whitening: 1 / sigma, a vec4 per block of features.

fn log_density(component: u32, quad: u32) -> vec4f {
  var square = vec4f(0.0);
  for (var block = 0u; block < BLOCKS; block++) {
    let x = residuals(component, block, quad);
    let scale = whitening[component * WHITENING_STRIDE + block];
    let y0 = x[0] * scale.x;
    let y1 = x[1] * scale.y;
    let y2 = x[2] * scale.z;
    let y3 = x[3] * scale.w;
    square += y0 * y0 + y1 * y1 + y2 * y2 + y3 * y3;
  }
  return log_constant(component) - 0.5 * square;
}

// Statistics of whitened residuals y = (x - m) / sigma, per feature: sum gamma y, sum gamma y^2; and sum gamma.
// One block of sums: four features.
struct Sums {
  first: vec4f,
  second: vec4f,
  mass: f32,
}

const BLOCK_COUNT = BLOCKS;

fn add_sums(a: Sums, b: Sums) -> Sums {
  return Sums(a.first + b.first, a.second + b.second, a.mass + b.mass);
}

fn block_at(index: u32) -> vec2u {
  return vec2u(index, 0u);
}

fn prepare_tile(component: u32, first_quad: u32, lane: u32) {
  if (lane < TILE_QUADS) {
    tile_values[lane] = log_density(component, first_quad + lane);
  }
}

fn accumulate(component: u32, block: vec2u, first_quad: u32, q: u32) -> Sums {
  let responsibility = tile_values[q];
  let coordinates = component + dispatch.moment_offset;
  let x = residuals(coordinates, block.x, first_quad + q);
  let scale = whitening[coordinates * WHITENING_STRIDE + block.x];
  let y = mat4x4f(x[0] * scale.x, x[1] * scale.y, x[2] * scale.z, x[3] * scale.w);
  let weighted = responsibility * y;
  let second = vec4f(
    dot(responsibility * y[0], y[0]),
    dot(responsibility * y[1], y[1]),
    dot(responsibility * y[2], y[2]),
    dot(responsibility * y[3], y[3]),
  );
  return Sums(weighted, second, dot(vec4f(1.0), responsibility));
}
