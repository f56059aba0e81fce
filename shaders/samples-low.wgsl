// Samples as pairs of float32: what the first rounded off.
@group(0) @binding(2) var<storage, read> sample_values_low: array<vec4f>;

fn low_part(at: u32) -> vec4f {
  return sample_values_low[at];
}
