// What part of the work one dispatch does: a range of units (tiles, slabs x components, ...) of one chunk of samples.
// src/em/dispatch-words.ts writes this struct, field by field in this order.
struct Dispatch {
  first_unit: u32,
  unit_count: u32,
  first_component: u32,
  component_count: u32,
  n_components: u32,      // K, of one model
  quad_stride: u32,       // vec4s between two features of the chunk
  chunk_quads: u32,       // quads in the chunk, in whole tiles
  slab_count: u32,        // slabs in the part
  last_block: u32,        // 1 when no component follows this block
  range_first_tile: u32,  // responsibilities: the tiles held at a time
  range_tiles: u32,
  // Statistics: component k's moments are taken in the coordinates of component k + moment_offset of the model. 0, or K in a
  // second pass that looks closer at components which moved or shrank too far for float32 (src/em/device-passes.ts).
  moment_offset: u32,
  logarithms: u32,        // responsibilities: 1 for ln gamma in place of gamma
  // Several models over the same samples, components stacked: component c is the model c / K's component c % K. 1 model: K.
  stacked_components: u32,
  inverse_temperature: f32, // beta: gamma proportional to exp(beta a)
  // An E-step takes a chunk part by part: as many samples as `joint` holds for all stacked components.
  first_quad: u32,        // of the part, in the chunk
  part_quads: u32,        // in whole tiles
  joint_stride: u32,      // vec4s between two components in `joint`
  first_slab: u32,        // of the part, among all of the pass
  impossible_value: f32,  // posterior: of a sample that no component can have made
}
@group(3) @binding(0) var<uniform> dispatch: Dispatch;
