// E-step, third: the responsibility-weighted sufficient statistics, slab by slab.
//   in    a part of a chunk of samples, joint = s_n gamma_nk, a range of components
//   out   partials[slab * tasks + task]; a task is one block of sums of TASK_COMPONENTS components
//   grid  a workgroup per (slab, task): an invocation takes every WORKGROUP-th quad of the slab, and keeps its sums in registers
// Neighbouring invocations read neighbouring quads, and one slab's tasks run together, so that its samples stay in the cache: no
// workgroup memory but for the last sum. A fixed order, no atomics: the same bits every time.
// A family declares: struct Sums (a monoid: add_sums), BLOCK_COUNT, block_at (what a block covers) and
// accumulate(sums, component, block, quad), which adds one quad of the part.
@group(2) @binding(0) var<storage, read> joint: array<vec4f>;
@group(2) @binding(1) var<storage, read_write> partials: array<Sums>;

var<workgroup> upper: array<Sums, WORKGROUP / 2u>;

@compute @workgroup_size(WORKGROUP)
fn moments(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = unit_index(workgroup, workgroups);
  if (index >= dispatch.unit_count) {
    return;
  }
  let unit = dispatch.first_unit + index;
  let tasks = (dispatch.component_count + TASK_COMPONENTS - 1u) / TASK_COMPONENTS * BLOCK_COUNT;
  let slab = unit / tasks;
  let task = unit % tasks;
  let component = dispatch.first_component + task / BLOCK_COUNT * TASK_COMPONENTS;
  let block = block_at(task % BLOCK_COUNT);

  var sums = Sums();
  let end = min((slab + 1u) * SLAB_QUADS, dispatch.part_quads);
  for (var quad = slab * SLAB_QUADS + lane; quad < end; quad += WORKGROUP) {
    sums = accumulate(sums, component, block, quad);
  }
  for (var width = WORKGROUP / 2u; width > 0u; width /= 2u) {
    if (lane >= width && lane < 2u * width) {
      upper[lane - width] = sums;
    }
    workgroupBarrier();
    if (lane < width) {
      sums = add_sums(sums, upper[lane]);
    }
    workgroupBarrier();
  }
  if (lane == 0u) {
    partials[unit] = sums;
  }
}

// s_n gamma_nk of a quad of the part; 0 for what stands after the last component.
fn responsibility(component: u32, quad: u32) -> vec4f {
  if (TASK_COMPONENTS > 1u && component >= dispatch.stacked_components) {
    return vec4f(0.0);
  }
  return joint[component * dispatch.joint_stride + quad];
}
