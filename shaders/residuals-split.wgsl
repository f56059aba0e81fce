// x - m_k where a component is so narrow beside the reach of the samples that one float32 does not resolve it: samples and
// means are pairs of float32 (high + low, 48 bits). The difference of the high parts is exact where it matters (Sterbenz:
// both within a factor of two), then the low parts correct it. A compiler that reassociates falls back to residuals.wgsl's
// accuracy, no worse.
@group(0) @binding(2) var<storage, read> sample_values_low: array<vec4f>;

fn residuals(component: u32, block: u32, quad: u32) -> mat4x4f {
  let at = component * COMPONENT_VECTORS + 1u + block;
  let mean = components[at];
  let mean_low = components[at + BLOCKS];
  return mat4x4f(
    feature_residual(4u * block, quad, mean.x, mean_low.x),
    feature_residual(4u * block + 1u, quad, mean.y, mean_low.y),
    feature_residual(4u * block + 2u, quad, mean.z, mean_low.z),
    feature_residual(4u * block + 3u, quad, mean.w, mean_low.w),
  );
}

fn feature_residual(feature: u32, quad: u32, mean: f32, mean_low: f32) -> vec4f {
  if (!has_feature(feature)) {
    return vec4f(0.0);
  }
  let at = feature * dispatch.quad_stride + quad;
  return (sample_values[at] - mean) + (sample_values_low[at] - mean_low);
}
