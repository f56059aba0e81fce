// Places samples in the plane of a linear projection, once for all frames.
//   in    one chunk of samples, standardised; directions[d]: what a unit of feature d adds to the two coordinates
//   out   two planes of numbers, `stride` apart: sum_d directions[d] * sample[d]
//   grid  an invocation a sample
// A missing entry counts as the column's mean, which is 0 here.
struct Shape {
  count: u32,
  stride: u32,
  n_features: u32,
  padding: u32,
}

const LEAST = -1e38;

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
  for (var d = 0u; d < shape.n_features; d++) {
    let value = values[d * shape.stride + id.x];
    sum += select(0.0, value, value > LEAST) * directions[d];
  }
  places[id.x] = sum.x;
  places[shape.stride + id.x] = sum.y;
}
