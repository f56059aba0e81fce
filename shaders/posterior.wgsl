// One number a sample of its responsibilities: gamma_nk of one component, or -sum_k gamma_nk ln gamma_nk of all, for a caller's own
// pipelines.
//   in    one chunk of samples with its log_maxima and log_sums; one component, or (dispatch.logarithms) a block of them
//   out   posterior[quad]: the component's gamma, or the block's sum added to those of the blocks before. A sample that no component
//         can have made has the weights for its responsibilities: dispatch.impossible_value.
//   grid  a workgroup per tile of 4 * WORKGROUP samples, an invocation per quad
@group(2) @binding(0) var<storage, read> log_maxima: array<vec4f>;
@group(2) @binding(1) var<storage, read> log_sums: array<vec4f>;
@group(2) @binding(2) var<storage, read_write> posterior_values: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn posterior(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = unit_index(workgroup, workgroups);
  if (index >= dispatch.unit_count) {
    return;
  }
  let quad = (dispatch.first_unit + index) * WORKGROUP + lane;
  let maximum = log_maxima[quad];
  let log_sum = log_sums[quad];
  let entropy = dispatch.logarithms == 1u;

  var sum = vec4f(0.0);
  if (entropy && dispatch.first_component > 0u) {
    sum = posterior_values[quad];
  }
  let end = dispatch.first_component + dispatch.component_count;
  for (var k = dispatch.first_component; k < end; k++) {
    // 0 ln 0 is 0: where gamma underflows its logarithm is finite all the same
    let a = guided(log_density(k, quad), k, quad);
    let logarithm = min(a - maximum, vec4f(0.0)) - log_sum;
    sum += exp(logarithm) * select(vec4f(1.0), -logarithm, entropy);
  }
  posterior_values[quad] = select(sum, vec4f(dispatch.impossible_value), maximum < vec4f(IMPOSSIBLE));
}
