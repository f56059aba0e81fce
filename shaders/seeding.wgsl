// What part of initialisation's work one dispatch does: a range of tiles of one chunk of samples.
// src/em/seeding-device.ts writes this struct, field by field in this order.
struct Seeding {
  first_unit: u32,
  unit_count: u32,
  quad_stride: u32,       // vec4s between two features of the chunk
  first_candidate: u32,   // of those uploaded
  candidate_count: u32,
  first_number: u32,      // the number of that candidate among all there ever were
  first_quad: u32,        // the chunk's first sample among all, in quads
  key_0: u32,
  key_1: u32,
  round: u32,
  stream: u32,            // PhiloxUse.SEEDING in src/data/philox.ts
  factor: f32,
}
@group(3) @binding(0) var<uniform> dispatch: Seeding;
