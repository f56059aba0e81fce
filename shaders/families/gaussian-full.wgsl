// Gaussian, full covariance (and tied: WHITENING_STRIDE 0). Twin of src/families/gaussian-full.ts.
// a_nk = constant_k - |W_k (x_n - m_k)|^2 / 2. W_k is lower triangular in 4 x 4 tiles, by rows; a tile is four row vec4s.
// A 4 x 4 matrix of residuals (features in columns, the quad's samples in rows) times a row of W is that row's share of
// y = W (x - m) for four samples at once.

fn log_density(component: u32, quad: u32) -> vec4f {
  var residual: array<mat4x4f, BLOCKS>;
  for (var j = 0u; j < BLOCKS; j++) {
    residual[j] = residuals(component, j, quad);
  }
  var square = vec4f(0.0);
  var tile = component * WHITENING_STRIDE;
  for (var i = 0u; i < BLOCKS; i++) {
    var y0 = vec4f(0.0);
    var y1 = vec4f(0.0);
    var y2 = vec4f(0.0);
    var y3 = vec4f(0.0);
    for (var j = 0u; j <= i; j++) {
      let x = residual[j];
      y0 += x * whitening[tile];
      y1 += x * whitening[tile + 1u];
      y2 += x * whitening[tile + 2u];
      y3 += x * whitening[tile + 3u];
      tile += 4u;
    }
    square += y0 * y0 + y1 * y1 + y2 * y2 + y3 * y3;
  }
  return log_constant(component) - 0.5 * square;
}

// Statistics of whitened residuals: sum gamma y y', sum gamma y, sum gamma. y stays near unit covariance however thin the
// component is, so float32 rounding is relative to the component's own shape; the host maps back with C = W^-1 in float64.
// One block of sums: rows of feature block (x), columns of feature block (y), y <= x.
struct Sums {
  second: mat4x4f,
  first: vec4f,
  mass: f32,
}

const BLOCK_COUNT = BLOCKS * (BLOCKS + 1u) / 2u;

var<workgroup> whitened: array<vec4f, 4u * BLOCKS * TILE_QUADS>;

fn add_sums(a: Sums, b: Sums) -> Sums {
  return Sums(a.second + b.second, a.first + b.first, a.mass + b.mass);
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

// a_nk from y, then y itself in the coordinates that the moments are taken in.
fn prepare_tile(component: u32, first_quad: u32, lane: u32) {
  whiten(component, first_quad, lane);
  workgroupBarrier();
  if (lane < TILE_QUADS) {
    // in log_density's order, so that a_nk has its bits; two blocks a turn, for llvmpipe's count of iterations
    var square = vec4f(0.0);
    for (var i = 0u; i < BLOCKS; i += 2u) {
      square += block_square(i, lane);
      if (i + 1u < BLOCKS) {
        square += block_square(i + 1u, lane);
      }
    }
    tile_values[lane] = log_constant(component) - 0.5 * square;
  }
  if (dispatch.moment_offset != 0u) {
    workgroupBarrier();
    whiten(component + dispatch.moment_offset, first_quad, lane);
  }
}

// Writes y of a tile to `whitened`.
fn whiten(component: u32, first_quad: u32, lane: u32) {
  for (var item = lane; item < BLOCKS * TILE_QUADS; item += WORKGROUP) {
    let i = item / TILE_QUADS;
    let q = item % TILE_QUADS;
    var tile = component * WHITENING_STRIDE + 2u * i * (i + 1u);
    var y0 = vec4f(0.0);
    var y1 = vec4f(0.0);
    var y2 = vec4f(0.0);
    var y3 = vec4f(0.0);
    for (var j = 0u; j <= i; j++) {
      let x = residuals(component, j, first_quad + q);
      y0 += x * whitening[tile];
      y1 += x * whitening[tile + 1u];
      y2 += x * whitening[tile + 2u];
      y3 += x * whitening[tile + 3u];
      tile += 4u;
    }
    let at = 4u * i * TILE_QUADS + q;
    whitened[at] = y0;
    whitened[at + TILE_QUADS] = y1;
    whitened[at + 2u * TILE_QUADS] = y2;
    whitened[at + 3u * TILE_QUADS] = y3;
  }
}

fn block_square(block: u32, q: u32) -> vec4f {
  let y = whitened_block(block, q);
  return y[0] * y[0] + y[1] * y[1] + y[2] * y[2] + y[3] * y[3];
}

fn accumulate(component: u32, block: vec2u, first_quad: u32, q: u32) -> Sums {
  let responsibility = tile_values[q];
  let rows = whitened_block(block.x, q);
  let weighted = mat4x4f(
    rows[0] * responsibility,
    rows[1] * responsibility,
    rows[2] * responsibility,
    rows[3] * responsibility,
  );
  let ones = vec4f(1.0);
  return Sums(transpose(weighted) * whitened_block(block.y, q), ones * weighted, dot(ones, responsibility));
}

fn whitened_block(block: u32, q: u32) -> mat4x4f {
  let at = 4u * block * TILE_QUADS + q;
  return mat4x4f(
    whitened[at],
    whitened[at + TILE_QUADS],
    whitened[at + 2u * TILE_QUADS],
    whitened[at + 3u * TILE_QUADS],
  );
}
