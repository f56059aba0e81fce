// E-step, third, where moments need a whitened tile: the responsibility-weighted sufficient statistics, slab by slab.
//   in    a part of a chunk of samples, joint = s_n gamma_nk, a range of (slab, component) units
//   out   partials[(slab * component_count + component) * BLOCK_COUNT + block]
//   grid  a workgroup per unit (and per BLOCKS_PER_GROUP blocks of sums); each invocation owns OWNED blocks of sums, or shares
//         one with SHARED - 1 others that take every SHARED-th quad. No atomics, one fixed order: the same bits every time.
// A family declares: struct Sums (a monoid: add_sums), BLOCK_COUNT, `block_at` (what a block covers), `prepare_tile` (what the
// statistics need of a tile) and `accumulate_tile` (one quad's share of one block, weighted by tile_values).
@group(2) @binding(0) var<storage, read> joint: array<vec4f>;
@group(2) @binding(1) var<storage, read_write> partials: array<Sums>;

// s_n gamma_nk of a tile.
var<workgroup> tile_values: array<vec4f, TILE_QUADS>;
var<workgroup> shared_sums: array<Sums, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn statistics(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = unit_index(workgroup, workgroups);
  if (index >= dispatch.unit_count * BLOCK_GROUPS) {
    return;
  }
  let unit = dispatch.first_unit + index / BLOCK_GROUPS;
  let slab = unit / dispatch.component_count;
  let component = dispatch.first_component + unit % dispatch.component_count;
  let first_block = (index % BLOCK_GROUPS) * BLOCKS_PER_GROUP + lane / SHARED;
  let first_quad = lane % SHARED;

  // found once: block_at in the loop over tiles would count towards llvmpipe's 65,535 iterations with every tile
  var blocks: array<vec2u, OWNED>;
  for (var owned = 0u; owned < OWNED; owned++) {
    blocks[owned] = block_at(min(first_block + owned * WORKGROUP, BLOCK_COUNT - 1u));
  }

  // short sums: up to TILE_QUADS quads into a tile's sums, tiles into the slab's
  var slab_sums: array<Sums, OWNED>;
  let tiles = (dispatch.part_quads + TILE_QUADS - 1u) / TILE_QUADS;
  let end = min((slab + 1u) * SLAB_TILES, tiles);
  for (var tile = slab * SLAB_TILES; tile < end; tile++) {
    prepare_tile(component + dispatch.moment_offset, dispatch.first_quad + tile * TILE_QUADS, lane);
    if (lane < TILE_QUADS) {
      tile_values[lane] = joint[component * dispatch.joint_stride + tile * TILE_QUADS + lane];
    }
    workgroupBarrier();
    for (var owned = 0u; owned < OWNED; owned++) {
      let index_of_block = first_block + owned * WORKGROUP;
      if (index_of_block < BLOCK_COUNT) {
        // an explicit zero: without it Chromium 156 keeps the previous tile's sums in this loop
        var tile_sums = Sums();
        for (var q = first_quad; q < TILE_QUADS; q += SHARED) {
          tile_sums = add_sums(tile_sums, accumulate_tile(blocks[owned], q));
        }
        slab_sums[owned] = add_sums(slab_sums[owned], tile_sums);
      }
    }
    workgroupBarrier();
  }

  let out = unit * BLOCK_COUNT;
  if (SHARED == 1u) {
    for (var owned = 0u; owned < OWNED; owned++) {
      let index_of_block = first_block + owned * WORKGROUP;
      if (index_of_block < BLOCK_COUNT) {
        partials[out + index_of_block] = slab_sums[owned];
      }
    }
    return;
  }
  shared_sums[lane] = slab_sums[0];
  workgroupBarrier();
  if (first_quad == 0u && first_block < BLOCK_COUNT) {
    var sums = shared_sums[lane];
    for (var other = 1u; other < SHARED; other++) {
      sums = add_sums(sums, shared_sums[lane + other]);
    }
    partials[out + first_block] = sums;
  }
}
