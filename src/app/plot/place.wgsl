// Places samples in the plane of a linear projection, once for all frames.
//   in    one chunk of samples, standardised; directions[d]: what a unit of feature d adds to the two coordinates
//   out   two planes of numbers, `stride` apart: sum_d directions[d] * sample[d]
//   grid  an invocation a sample
// A missing entry counts as the column's mean, which is 0 here; or it leaves the sample without a place, as splat.wgsl knows it.
struct Shape {
  count: u32,
  stride: u32,
  n_features: u32,
  leaves_out: u32,
}

const LEAST = -1e38;
const MISSING = -3e38;

@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> directions: array<vec2f>;
@group(0) @binding(2) var<storage, read> values: array<f32>;
@group(0) @binding(3) var<storage, read_write> places: array<f32>;

@compute @workgroup_size(256)
fn place(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= shape.count) {
    return;
  }
  var sum = vec2f(0.0);
  var is_whole = true;
  for (var d = 0u; d < shape.n_features; d++) {
    let value = values[d * shape.stride + id.x];
    let is_there = value > LEAST;
    is_whole &= is_there;
    sum += select(0.0, value, is_there) * directions[d];
  }
  if (shape.leaves_out == 1u && !is_whole) {
    sum = vec2f(MISSING);
  }
  places[id.x] = sum.x;
  places[shape.stride + id.x] = sum.y;
}
