// The largest count of all cells, for the brightness of a density.
//   in    cells, four numbers each: the last is the count
//   out   peak
//   grid  an invocation for SHARE cells, neighbours at the same time
const SHARE = 64u;

@group(0) @binding(0) var<storage, read> cells: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> peak: atomic<u32>;
@group(0) @binding(2) var<uniform> n_cells: u32;

@compute @workgroup_size(64)
fn find_peak(@builtin(global_invocation_id) id: vec3u) {
  let stride = (n_cells + SHARE - 1u) / SHARE;
  if (id.x >= stride) {
    return;
  }
  var largest = 0u;
  for (var i = id.x; i < n_cells; i += stride) {
    largest = max(largest, cells[i].w);
  }
  if (largest > 0u) {
    atomicMax(&peak, largest);
  }
}
