// k-means||: the samples that a round draws, each by itself. Twin of SeedingReference.draw in src/em/seeding.ts.
//   in    one chunk's nearest_squares
//   out   draws[8 tile + i]: bit j is 1 where sample 32 i + j of the tile was drawn
//   grid  a workgroup per tile of 4 * WORKGROUP samples, an invocation per quad
// The four words of a counter are the four samples of a quad: what is drawn depends on key, round and the sample's index alone.
@group(2) @binding(0) var<storage, read> nearest_squares: array<vec4f>;
@group(2) @binding(1) var<storage, read_write> draws: array<u32>;

const QUADS_PER_WORD = 8u;
var<workgroup> quad_draws: array<u32, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn seed_draws(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = unit_index(workgroup, workgroups);
  if (index >= dispatch.unit_count) {
    return;
  }
  let tile = dispatch.first_unit + index;
  let quad = tile * WORKGROUP + lane;
  let counter = vec4u(dispatch.first_quad + quad, 0u, dispatch.round, dispatch.stream);
  let words = philox(counter, vec2u(dispatch.key_0, dispatch.key_1));
  let uniforms = (vec4f(words) + 0.5) * 0x1p-32f;
  // padding has weight 0, and nothing is below 0
  let drawn = uniforms < sample_weights[quad] * nearest_squares[quad] * dispatch.factor;
  quad_draws[lane] = dot(vec4u(drawn), vec4u(1u, 2u, 4u, 8u)) << (4u * (lane % QUADS_PER_WORD));
  workgroupBarrier();
  if (lane < WORKGROUP / QUADS_PER_WORD) {
    var word = 0u;
    for (var i = 0u; i < QUADS_PER_WORD; i++) {
      word |= quad_draws[lane * QUADS_PER_WORD + i];
    }
    draws[tile * (WORKGROUP / QUADS_PER_WORD) + lane] = word;
  }
}
