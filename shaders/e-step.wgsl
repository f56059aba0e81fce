// ln p(x_n) = ln sum_k exp(a_nk) with a_nk = ln pi_k + ln p(x_n | theta_k), for scores: a fit's E-step is log-joint.wgsl and
// normalise.wgsl.
//   in    one chunk of samples, a block of components
//   out   log_maxima[quad] = max_k a_nk; log_sums[quad] = ln sum_k exp(a_nk - max), the sum itself before the last block;
//         likelihood_partials[tile]: sum over the tile of s_n ln p(x_n)
// ln p(x_n) = maximum + logarithm is kept in two parts: in one float32 a sample 450 deviations out would round away 0.004 of it,
// and its responsibilities would no longer sum to 1.
//   grid  a workgroup per tile of 4 * WORKGROUP samples, an invocation per quad
// Blocks of components keep a dispatch short and its loops under llvmpipe's 65,535 iterations.
@group(2) @binding(0) var<storage, read_write> log_maxima: array<vec4f>;
@group(2) @binding(1) var<storage, read_write> log_sums: array<vec4f>;
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
  let unit = dispatch.first_unit + index;
  let quad = unit * WORKGROUP + lane;

  // WGSL may assume that there are no infinities: the lowest float32 stands for ln 0
  var maximum = vec4f(-3.0e38);
  var sum = vec4f(0.0);
  if (dispatch.first_component > 0u) {
    maximum = log_maxima[quad];
    sum = log_sums[quad];
  }
  let end = dispatch.first_component + dispatch.component_count;
  for (var k = dispatch.first_component; k < end; k++) {
    let a = guided(log_density(k, quad), k, quad);
    let ratio = exp(-abs(a - maximum));
    sum = select(sum + ratio, sum * ratio + 1.0, a > maximum);
    maximum = max(maximum, a);
  }
  log_maxima[quad] = maximum;
  log_sums[quad] = sum;
  if (dispatch.last_block == 0u) {
    return;
  }
  let log_sum = log(sum);
  log_sums[quad] = log_sum;

  tile_likelihoods[lane] = dot(sample_weights[quad], maximum + log_sum);
  for (var width = WORKGROUP / 2u; width > 0u; width /= 2u) {
    workgroupBarrier();
    if (lane < width) {
      tile_likelihoods[lane] += tile_likelihoods[lane + width];
    }
  }
  if (lane == 0u) {
    likelihood_partials[unit] = tile_likelihoods[0];
  }
}
