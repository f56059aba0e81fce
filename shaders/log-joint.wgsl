// E-step, first: a_nk = ln pi_k + ln p(x_n | theta_k) for a part of a chunk, less the host's shift, and every stacked component.
//   in    a part of a chunk of samples, the model
//   out   joint[component * joint_stride + quad]
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
  let at = component * dispatch.joint_stride + quad;
  if (DENSITY_COMPONENTS == 1u) {
    joint[at] = log_density(component, dispatch.first_quad + quad);
    return;
  }
  let last = dispatch.stacked_components - 1u;
  let four = log_densities(component, dispatch.first_quad + quad, last);
  joint[at] = four[0];
  if (component + 1u <= last) {
    joint[at + dispatch.joint_stride] = four[1];
  }
  if (component + 2u <= last) {
    joint[at + 2u * dispatch.joint_stride] = four[2];
  }
  if (component + 3u <= last) {
    joint[at + 3u * dispatch.joint_stride] = four[3];
  }
}
