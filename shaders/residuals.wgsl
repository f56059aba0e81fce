// x - m_k for the four features of a block (columns) and the four samples of a quad (rows).
fn residuals(component: u32, block: u32, quad: u32) -> mat4x4f {
  let mean = components[component * COMPONENT_VECTORS + 1u + block];
  return mat4x4f(
    feature_residual(4u * block, quad, mean.x),
    feature_residual(4u * block + 1u, quad, mean.y),
    feature_residual(4u * block + 2u, quad, mean.z),
    feature_residual(4u * block + 3u, quad, mean.w),
  );
}

fn feature_residual(feature: u32, quad: u32, mean: f32) -> vec4f {
  if (!has_feature(feature)) {
    return vec4f(0.0);
  }
  return sample_values[feature * dispatch.quad_stride + quad] - mean;
}
