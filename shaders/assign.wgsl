// Hard assignment: argmax_k a_nk, the first on a tie.
//   in    one chunk of samples, a block of components
//   out   labels[quad], best[quad] (the largest a_nk so far)
//   grid  a workgroup per tile of 4 * WORKGROUP samples, an invocation per quad
@group(2) @binding(0) var<storage, read_write> best: array<vec4f>;
@group(2) @binding(1) var<storage, read_write> labels: array<vec4u>;

@compute @workgroup_size(WORKGROUP)
fn assign(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = unit_index(workgroup, workgroups);
  if (index >= dispatch.unit_count) {
    return;
  }
  let quad = (dispatch.first_unit + index) * WORKGROUP + lane;
  var largest = vec4f(-3.0e38);
  var label = vec4u(0u);
  if (dispatch.first_component > 0u) {
    largest = best[quad];
    label = labels[quad];
  }
  let end = dispatch.first_component + dispatch.component_count;
  for (var k = dispatch.first_component; k < end; k++) {
    let a = guided(log_density(k, quad), k, quad);
    label = select(label, vec4u(k), a > largest);
    largest = max(largest, a);
  }
  best[quad] = largest;
  labels[quad] = label;
}
