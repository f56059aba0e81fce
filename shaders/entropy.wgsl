// How undecided the assignments are: -sum_n s_n sum_k gamma_nk ln gamma_nk.
//   in    one chunk of samples with its log_maxima and log_sums, a block of components
//   out   entropy_partials[tile]: the sum over the tile, added to that of the blocks before
//   grid  a workgroup per tile of 4 * WORKGROUP samples, an invocation per quad
// Only for criteria, after a fit: nothing N x K is written.
@group(2) @binding(0) var<storage, read> log_maxima: array<vec4f>;
@group(2) @binding(1) var<storage, read> log_sums: array<vec4f>;
@group(2) @binding(2) var<storage, read_write> entropy_partials: array<f32>;

var<workgroup> tile_entropies: array<f32, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn entropy(
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
  let maximum = log_maxima[quad];
  let log_sum = log_sums[quad];

  var sum = vec4f(0.0);
  let end = dispatch.first_component + dispatch.component_count;
  for (var k = dispatch.first_component; k < end; k++) {
    // 0 ln 0 is 0: where gamma underflows its logarithm is finite all the same
    let a = guided(log_density(k, quad), k, quad);
    let logarithm = min(a - maximum, vec4f(0.0)) - log_sum;
    sum -= exp(logarithm) * logarithm;
  }
  tile_entropies[lane] = dot(sample_weights[quad], sum);
  for (var width = WORKGROUP / 2u; width > 0u; width /= 2u) {
    workgroupBarrier();
    if (lane < width) {
      tile_entropies[lane] += tile_entropies[lane + width];
    }
  }
  if (lane == 0u) {
    let before = select(entropy_partials[tile], 0.0, dispatch.first_component == 0u);
    entropy_partials[tile] = before + tile_entropies[0];
  }
}
