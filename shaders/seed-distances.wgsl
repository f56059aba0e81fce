// Initialisation: each sample's nearest candidate, the first on a tie, and the squared distance to it. Twin of
// SeedingReference.add in src/em/seeding.ts.
//   in    one chunk of samples, a block of new candidates
//   out   nearest_squares[quad], nearest[quad]; potentials[tile]: sum over the tile of s_n d_n^2
//   grid  a workgroup per tile of 4 * WORKGROUP samples, an invocation per quad
// candidates: BLOCKS vec4s of the metric, then 2 * BLOCKS vec4s a candidate, its values and what float32 rounded off them.
@group(1) @binding(0) var<storage, read> candidates: array<vec4f>;
@group(2) @binding(0) var<storage, read_write> nearest_squares: array<vec4f>;
@group(2) @binding(1) var<storage, read_write> nearest: array<vec4u>;
@group(2) @binding(2) var<storage, read_write> potentials: array<f32>;

var<workgroup> tile_potentials: array<f32, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn seed_distances(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = unit_index(workgroup, workgroups);
  if (index >= dispatch.unit_count) {
    return;
  }
  let tile = dispatch.first_unit + index;
  let quad = tile * WORKGROUP + lane;
  var least = vec4f(3.0e38);
  var number = vec4u(0u);
  if (dispatch.first_number > 0u) {
    least = nearest_squares[quad];
    number = nearest[quad];
  }
  for (var c = 0u; c < dispatch.candidate_count; c++) {
    let square = squared_distance(dispatch.first_candidate + c, quad);
    number = select(number, vec4u(dispatch.first_number + c), square < least);
    least = min(least, square);
  }
  nearest_squares[quad] = least;
  nearest[quad] = number;

  tile_potentials[lane] = dot(sample_weights[quad], least);
  for (var width = WORKGROUP / 2u; width > 0u; width /= 2u) {
    workgroupBarrier();
    if (lane < width) {
      tile_potentials[lane] += tile_potentials[lane + width];
    }
  }
  if (lane == 0u) {
    potentials[tile] = tile_potentials[0];
  }
}

// sum_d (metric_d (x_d - c_d))^2 of four samples; features after the last one have metric 0.
fn squared_distance(candidate: u32, quad: u32) -> vec4f {
  let at = (1u + 2u * candidate) * BLOCKS;
  var square = vec4f(0.0);
  for (var block = 0u; block < BLOCKS; block++) {
    let value = candidates[at + block];
    let low = candidates[at + BLOCKS + block];
    let metric = candidates[block];
    let y0 = metric.x * difference(4u * block, quad, value.x, low.x);
    let y1 = metric.y * difference(4u * block + 1u, quad, value.y, low.y);
    let y2 = metric.z * difference(4u * block + 2u, quad, value.z, low.z);
    let y3 = metric.w * difference(4u * block + 3u, quad, value.w, low.w);
    square += y0 * y0 + y1 * y1 + y2 * y2 + y3 * y3;
  }
  return square;
}

// x - c, a missing x at the column's mean, 0.
fn difference(feature: u32, quad: u32, value: f32, low: f32) -> vec4f {
  if (D % 4u != 0u && feature >= D) {
    return vec4f(0.0);
  }
  let at = feature * dispatch.quad_stride + quad;
  var x = sample_values[at];
  if (HAS_MISSING) {
    x = select(x, vec4f(0.0), x < vec4f(0.5 * MISSING));
  }
  return (x - value) + (low_part(at) - low);
}
