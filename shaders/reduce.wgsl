// Sums the slabs' statistics in groups of up to GROUP_SLABS, in slab order; the host adds the groups in float64. A group may begin
// in one part of the samples and end in another: what is there already is added to. Sums are plain sums, whatever the family: here
// they are TASK_VECTORS vec4s.
//   in    partials[slab * tasks + task] of a part of a chunk and a range of components
//   out   totals[group * all tasks + first task + task]
//   grid  an invocation per (group that the part touches, task, vec4)
@group(2) @binding(0) var<storage, read> partials: array<vec4f>;
@group(2) @binding(1) var<storage, read_write> totals: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn reduce(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = unit_index(workgroup, workgroups);
  // (what is added to must not be added to twice)
  if (index >= dispatch.unit_count) {
    return;
  }
  let row = task_vectors(dispatch.component_count);
  let first_group = dispatch.first_slab / GROUP_SLABS;
  let end_slab = dispatch.first_slab + dispatch.slab_count;
  let groups = (end_slab + GROUP_SLABS - 1u) / GROUP_SLABS - first_group;
  let cell = (dispatch.first_unit + index) * WORKGROUP + lane;
  if (cell >= groups * row) {
    return;
  }
  let group = first_group + cell / row;
  let within = cell % row;
  let out = group * task_vectors(dispatch.stacked_components)
    + task_vectors(dispatch.first_component) + within;
  let start = max(group * GROUP_SLABS, dispatch.first_slab);
  var sum = vec4f(0.0);
  if (start > group * GROUP_SLABS) {
    sum = totals[out];
  }
  for (var slab = start; slab < min((group + 1u) * GROUP_SLABS, end_slab); slab++) {
    sum += partials[(slab - dispatch.first_slab) * row + within];
  }
  totals[out] = sum;
}

fn task_vectors(count: u32) -> u32 {
  return (count + TASK_COMPONENTS - 1u) / TASK_COMPONENTS * TASK_BLOCKS * TASK_VECTORS;
}
