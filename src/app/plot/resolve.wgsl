// Makes the picture of the cells that splat.wgsl has filled: a triangle over the whole canvas.
//   dots       a cell is a pixel; n samples of opacity alpha lie over one another: 1 - (1 - alpha)^n of their mean colour
//   densities  cells of any size, smoothed by quadratic B-splines; brightness by the logarithm of the count
struct Look {
  phase: vec2f,          // cell coordinates = (pixel + phase) / cell + border
  cell: f32,             // pixels
  border: f32,
  columns: u32,
  rows: u32,
  alpha: f32,            // opacity of one sample
  samples_a_weight: f32, // what one unit of weight stands for
  density: u32,
  n_entries: u32,        // of a table to colour counts by; 0: by the mean colour
  padding: vec2u,
}

/// Brightness of a single sample of a density.
const FAINTEST = 0.16;

@group(0) @binding(0) var<uniform> look: Look;
@group(0) @binding(1) var<storage, read> cells: array<vec4u>;
@group(0) @binding(2) var<storage, read> table: array<u32>;
@group(0) @binding(3) var<storage, read> peak: array<u32>;

@vertex
fn cover(@builtin(vertex_index) corner: u32) -> @builtin(position) vec4f {
  return vec4f(f32((corner << 1u) & 2u) * 2.0 - 1.0, f32(corner & 2u) * 2.0 - 1.0, 0.0, 1.0);
}

@fragment
fn resolve(@builtin(position) position: vec4f) -> @location(0) vec4f {
  let at = (position.xy + look.phase) / look.cell + look.border;
  var sums = vec4f(0.0);
  if (look.cell > 1.0) {
    sums = smoothed(at);
  } else {
    sums = cell_at(vec2i(at));
  }
  if (sums.w <= 0.0) {
    return vec4f(0.0);
  }
  var colour = sums.rgb / (255.0 * sums.w);
  let n = sums.w * look.samples_a_weight;
  var alpha = 1.0 - pow(1.0 - look.alpha, n);
  if (look.density == 1u) {
    let brightness = clamp(log(1.0 + n) / log(1.0 + f32(peak[0]) * look.samples_a_weight), 0.0, 1.0);
    alpha = min(1.0, n) * mix(FAINTEST, 1.0, brightness);
    if (look.n_entries > 0u) {
      let packed = table[u32(brightness * f32(look.n_entries - 1u) + 0.5)];
      colour = vec3f(vec3u(packed, packed >> 8u, packed >> 16u) & vec3u(255u)) / 255.0;
      alpha = min(1.0, n);
    }
  }
  return vec4f(colour * alpha, alpha);             // premultiplied
}

fn smoothed(at: vec2f) -> vec4f {
  let middle = floor(at);
  let off = at - middle - 0.5;
  let x = spline(off.x);
  let y = spline(off.y);
  var sums = vec4f(0.0);
  for (var row = 0; row < 3; row++) {
    for (var column = 0; column < 3; column++) {
      sums += x[column] * y[row] * cell_at(vec2i(middle) + vec2i(column - 1, row - 1));
    }
  }
  return sums;
}

/// Weights of the cells before, at and after a place that is `off` from the cell's centre.
fn spline(off: f32) -> vec3f {
  return vec3f(0.5 * (0.5 - off) * (0.5 - off), 0.75 - off * off, 0.5 * (0.5 + off) * (0.5 + off));
}

fn cell_at(cell: vec2i) -> vec4f {
  let inside = clamp(cell, vec2i(0), vec2i(vec2u(look.columns - 1u, look.rows - 1u)));
  return vec4f(cells[u32(inside.y) * look.columns + u32(inside.x)]);
}
