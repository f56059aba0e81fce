// x - m_k where a component is so narrow beside the reach of the samples that one float32 does not resolve it: samples and
// means are pairs of float32 (high + low, 48 bits). The difference of the high parts is exact where it matters (Sterbenz:
// both within a factor of two), then the low parts correct it. A compiler that reassociates falls back to residuals.wgsl's
// accuracy, no worse.
@group(0) @binding(2) var<storage, read> sample_values_low: array<vec4f>;

fn low_features(block: u32, quad: u32) -> mat4x4f {
  return mat4x4f(
    low_feature(4u * block, quad),
    low_feature(4u * block + 1u, quad),
    low_feature(4u * block + 2u, quad),
    low_feature(4u * block + 3u, quad),
  );
}

fn low_feature(index: u32, quad: u32) -> vec4f {
  if (!has_feature(index)) {
    return vec4f(0.0);
  }
  return sample_values_low[index * dispatch.quad_stride + quad];
}

fn centred(x: mat4x4f, low: mat4x4f, component: u32, block: u32) -> mat4x4f {
  let at = component * COMPONENT_VECTORS + 1u + block;
  let mean = components[at];
  let mean_low = components[at + BLOCKS];
  return mat4x4f(
    (x[0] - mean.x) + (low[0] - mean_low.x),
    (x[1] - mean.y) + (low[1] - mean_low.y),
    (x[2] - mean.z) + (low[2] - mean_low.z),
    (x[3] - mean.w) + (low[3] - mean_low.w),
  );
}

fn residuals(component: u32, block: u32, quad: u32) -> mat4x4f {
  return centred(features(block, quad), low_features(block, quad), component, block);
}

// (x - m_k) scale, scale the inverse of a diagonal's deviations.
fn scaled_residuals(x: mat4x4f, low: mat4x4f, component: u32, block: u32, scale: vec4f) -> mat4x4f {
  let residual = centred(x, low, component, block);
  return mat4x4f(residual[0] * scale.x, residual[1] * scale.y, residual[2] * scale.z, residual[3] * scale.w);
}
