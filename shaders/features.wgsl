// The four features of a block (columns) of the four samples of a quad (rows); of pairs of float32, the high parts.
fn features(block: u32, quad: u32) -> mat4x4f {
  return mat4x4f(
    feature(4u * block, quad),
    feature(4u * block + 1u, quad),
    feature(4u * block + 2u, quad),
    feature(4u * block + 3u, quad),
  );
}

fn feature(index: u32, quad: u32) -> vec4f {
  if (!has_feature(index)) {
    return vec4f(0.0);
  }
  return sample_values[index * dispatch.quad_stride + quad];
}
