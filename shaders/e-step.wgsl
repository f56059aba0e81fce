// E-step, first half: ln p(x_n) = ln sum_k exp(a_nk) with a_nk = ln pi_k + ln p(x_n | theta_k).
//   in    one chunk of samples, a block of components
//   out   log_likelihoods[quad]: the running maximum, and after the last block ln p(x_n); running_sums[quad];
//         likelihood_partials[tile]: sum over the tile of s_n ln p(x_n)
//   grid  a workgroup per tile of 4 * WORKGROUP samples, an invocation per quad
// Blocks of components keep a dispatch short and its loops under llvmpipe's 65,535 iterations.
@group(2) @binding(0) var<storage, read_write> log_likelihoods: array<vec4f>;
@group(2) @binding(1) var<storage, read_write> running_sums: array<vec4f>;
@group(2) @binding(2) var<storage, read_write> likelihood_partials: array<f32>;

var<workgroup> tile_likelihoods: array<f32, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn e_step(
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

  // WGSL may assume that there are no infinities: the lowest float32 stands for ln 0
  var maximum = vec4f(-3.0e38);
  var sum = vec4f(0.0);
  if (dispatch.first_component > 0u) {
    maximum = log_likelihoods[quad];
    sum = running_sums[quad];
  }
  let end = dispatch.first_component + dispatch.component_count;
  for (var k = dispatch.first_component; k < end; k++) {
    let a = log_density(k, quad);
    let ratio = exp(-abs(a - maximum));
    sum = select(sum + ratio, sum * ratio + 1.0, a > maximum);
    maximum = max(maximum, a);
  }
  if (dispatch.last_block == 0u) {
    log_likelihoods[quad] = maximum;
    running_sums[quad] = sum;
    return;
  }
  let log_likelihood = maximum + log(sum);
  log_likelihoods[quad] = log_likelihood;

  tile_likelihoods[lane] = dot(sample_weights[quad], log_likelihood);
  for (var width = WORKGROUP / 2u; width > 0u; width /= 2u) {
    workgroupBarrier();
    if (lane < width) {
      tile_likelihoods[lane] += tile_likelihoods[lane + width];
    }
  }
  if (lane == 0u) {
    likelihood_partials[tile] = tile_likelihoods[0];
  }
}
