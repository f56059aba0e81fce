// Samples in float32 (standardised, or as they are), feature-major within a chunk, four samples (a quad) a vec4; and their
// weights, 0 for the padding after the last sample, which repeats it. A missing entry is MISSING.
@group(0) @binding(0) var<storage, read> sample_values: array<vec4f>;
@group(0) @binding(1) var<storage, read> sample_weights: array<vec4f>;
