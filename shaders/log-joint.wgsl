// E-step, first: a_nk = ln pi_k + ln p(x_n | theta_k) for a part of a chunk, less the host's shift, and every stacked component.
//   in    a part of a chunk of samples, the model
//   out   joint[component * joint_stride + quad]; where PLANES is 2, once more after all of them, for sums that need a_nk itself
//   grid  a workgroup per (tile of 4 * WORKGROUP samples, DENSITY_COMPONENTS components), an invocation per quad
// Each a_nk is computed once and kept until its part is done: float32 arithmetic is scarcer than the traffic of a part that stays
// in the cache. A sample's numbers are read once for DENSITY_COMPONENTS components; a component's are the same for all
// invocations. No workgroup memory, no barrier.
@group(2) @binding(0) var<storage, read_write> joint: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn log_joint(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = unit_index(workgroup, workgroups);
  if (index >= dispatch.unit_count) {
    return;
  }
  let unit = dispatch.first_unit + index;
  let blocks = (dispatch.stacked_components + DENSITY_COMPONENTS - 1u) / DENSITY_COMPONENTS;
  let quad = (unit / blocks) * WORKGROUP + lane;
  let component = (unit % blocks) * DENSITY_COMPONENTS;
  if (DENSITY_COMPONENTS == 1u) {
    keep(component, quad, log_density(component, dispatch.first_quad + quad));
    return;
  }
  let last = dispatch.stacked_components - 1u;
  let four = log_densities(component, dispatch.first_quad + quad, last);
  keep(component, quad, four[0]);
  if (component + 1u <= last) {
    keep(component + 1u, quad, four[1]);
  }
  if (component + 2u <= last) {
    keep(component + 2u, quad, four[2]);
  }
  if (component + 3u <= last) {
    keep(component + 3u, quad, four[3]);
  }
}

fn keep(component: u32, quad: u32, a: vec4f) {
  joint[component * dispatch.joint_stride + quad] = a;
  if (PLANES == 2u) {
    joint[(dispatch.stacked_components + component) * dispatch.joint_stride + quad] = a;
  }
}
