// Sums the slabs' statistics in groups of up to GROUP_SLABS, in slab order; the host adds the groups in float64.
//   in    partials[(slab * component_count + component) * BLOCK_COUNT + block]
//   out   totals[((first_group + group) * stacked_components + first_component + component) * BLOCK_COUNT + block]
//   grid  an invocation per (group, component, block)
@group(2) @binding(0) var<storage, read> partials: array<Sums>;
@group(2) @binding(1) var<storage, read_write> totals: array<Sums>;

@compute @workgroup_size(WORKGROUP)
fn reduce(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = dispatch.component_count * BLOCK_COUNT;
  let groups = (dispatch.slab_count + GROUP_SLABS - 1u) / GROUP_SLABS;
  let cell = (dispatch.first_unit + unit_index(workgroup, workgroups)) * WORKGROUP + lane;
  if (cell >= groups * row) {
    return;
  }
  let group = cell / row;
  let within = cell % row;
  let end = min((group + 1u) * GROUP_SLABS, dispatch.slab_count);
  var sums = Sums();
  for (var slab = group * GROUP_SLABS; slab < end; slab++) {
    sums = add_sums(sums, partials[slab * row + within]);
  }
  let component_row = (dispatch.first_group + group) * dispatch.stacked_components + dispatch.first_component;
  totals[component_row * BLOCK_COUNT + within] = sums;
}
