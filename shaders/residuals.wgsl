// x - m_k of features that lie as one float32 each.
// (shaders/residuals-split.wgsl has low parts)
fn low_features(_block: u32, _quad: u32) -> mat4x4f {
  return mat4x4f();
}

fn centred(x: mat4x4f, _low: mat4x4f, component: u32, block: u32) -> mat4x4f {
  let mean = components[component * COMPONENT_VECTORS + 1u + block];
  return mat4x4f(x[0] - mean.x, x[1] - mean.y, x[2] - mean.z, x[3] - mean.w);
}

fn residuals(component: u32, block: u32, quad: u32) -> mat4x4f {
  return centred(features(block, quad), low_features(block, quad), component, block);
}

// (x - m_k) scale, scale the inverse of a diagonal's deviations: one fused multiply-add, the host's -m scale stands where pairs of
// float32 have the means' low parts.
fn scaled_residuals(x: mat4x4f, _low: mat4x4f, component: u32, block: u32, scale: vec4f) -> mat4x4f {
  let shift = components[component * COMPONENT_VECTORS + 1u + BLOCKS + block];
  return mat4x4f(
    x[0] * scale.x + shift.x,
    x[1] * scale.y + shift.y,
    x[2] * scale.z + shift.z,
    x[3] * scale.w + shift.w,
  );
}
