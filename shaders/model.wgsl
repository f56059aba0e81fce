// The model of a family: COMPONENT_VECTORS vec4s a component, the first number its constant; and the family's tables,
// WHITENING_STRIDE vec4s a component (0: all components share them).
@group(1) @binding(0) var<storage, read> components: array<vec4f>;
@group(1) @binding(1) var<storage, read> whitening: array<vec4f>;

// ln pi_k + everything in ln p(x | theta_k) that no sample changes, less the host's shift.
fn log_constant(component: u32) -> f32 {
  return components[component * COMPONENT_VECTORS].x;
}

// The features after the last one of the last block are 0, and so are their means. (Kernels take blocks in pairs, too.)
fn has_feature(feature: u32) -> bool {
  return D % 8u == 0u || feature < D;
}
