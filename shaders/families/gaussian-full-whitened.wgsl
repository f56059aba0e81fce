// Gaussian, full covariance, sums of whitened residuals y = W (x - m): sum gamma y y', sum gamma y, sum gamma. y stays near unit
// covariance however thin the component is, so float32 rounding is relative to the component's own shape; the host maps back with
// C = W^-1 in float64. It costs the whitening once more: gaussian-full-moments.wgsl does without where it may.
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

// Writes y of a tile to `whitened`, in the coordinates that the moments are taken in.
fn prepare_tile(component: u32, first_quad: u32, lane: u32) {
  for (var item = lane; item < BLOCKS * TILE_QUADS; item += WORKGROUP) {
    let i = item / TILE_QUADS;
    let q = item % TILE_QUADS;
    var tile = component * WHITENING_STRIDE + 2u * i * (i + 1u);
    var y = mat4x4f();
    for (var j = 0u; j <= i; j++) {
      let x = residuals(component, j, first_quad + q);
      y = add_product(y, x, tile);
      tile += 4u;
    }
    let at = 4u * i * TILE_QUADS + q;
    whitened[at] = y[0];
    whitened[at + TILE_QUADS] = y[1];
    whitened[at + 2u * TILE_QUADS] = y[2];
    whitened[at + 3u * TILE_QUADS] = y[3];
  }
}

fn accumulate_tile(block: vec2u, q: u32) -> Sums {
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
