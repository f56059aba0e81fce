// Samples in standardised float32, feature-major within a chunk, four samples (a quad) a vec4; and their weights,
// 0 for the padding after the last sample. D, BLOCKS come from the generated header.
@group(0) @binding(0) var<storage, read> sample_values: array<vec4f>;
@group(0) @binding(1) var<storage, read> sample_weights: array<vec4f>;

// Per component: (constant, 0, 0, 0), then BLOCKS vec4s of means and BLOCKS of the means' low parts.
@group(1) @binding(0) var<storage, read> components: array<vec4f>;
@group(1) @binding(1) var<storage, read> whitening: array<vec4f>;

const COMPONENT_VECTORS = 1u + 2u * BLOCKS;

// ln pi_k + everything in ln p(x | theta_k) that no sample changes, less the host's shift.
fn log_constant(component: u32) -> f32 {
  return components[component * COMPONENT_VECTORS].x;
}

// The features after the last one of the last block are 0, and so are their means.
fn has_feature(feature: u32) -> bool {
  return D % 4u == 0u || feature < D;
}

// One value a sample of a statistics tile: a_nk, then s_n gamma_nk (shaders/statistics.wgsl).
var<workgroup> tile_values: array<vec4f, TILE_QUADS>;
