// E-step, first half: ln p(x_n) = ln sum_k exp(a_nk) with a_nk = ln pi_k + ln p(x_n | theta_k).
// Annealed, beta a_nk in place of a_nk. HARD: the largest a_nk alone.
//   in    one chunk of samples, a block of components of every model
//   out   log_maxima[quad] = max_k a_nk; log_sums[quad] = ln sum_k exp(a_nk - max), the sum itself before the last block, the
//         argmax where HARD; likelihood_partials[tile]: sum over the tile of s_n ln p(x_n); a row of each for every model
// ln p(x_n) = maximum + logarithm is kept in two parts: in one float32 a sample 450 deviations out would round away 0.004 of it,
// and its responsibilities would no longer sum to 1.
//   grid  a workgroup per model and tile of 4 * WORKGROUP samples, an invocation per quad
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
  let tiles = dispatch.quad_stride / WORKGROUP;
  let model = unit / tiles;
  let quad = (unit % tiles) * WORKGROUP + lane;
  let row = model * dispatch.quad_stride + quad;

  // WGSL may assume that there are no infinities: the lowest float32 stands for ln 0
  var maximum = vec4f(-3.0e38);
  var sum = vec4f(0.0);
  if (dispatch.first_component > 0u) {
    maximum = log_maxima[row];
    sum = log_sums[row];
  }
  let end = dispatch.first_component + dispatch.component_count;
  for (var k = dispatch.first_component; k < end; k++) {
    let density = log_density(model * dispatch.n_components + k, quad);
    let a = dispatch.inverse_temperature * guided(density, k, quad);
    if (HARD) {
      sum = select(sum, vec4f(f32(k)), a > maximum);
    } else {
      let ratio = exp(-abs(a - maximum));
      sum = select(sum + ratio, sum * ratio + 1.0, a > maximum);
    }
    maximum = max(maximum, a);
  }
  log_maxima[row] = maximum;
  log_sums[row] = sum;
  if (dispatch.last_block == 0u) {
    return;
  }
  var log_sum = vec4f(0.0);
  if (!HARD) {
    log_sum = log(sum);
    log_sums[row] = log_sum;
  }

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
