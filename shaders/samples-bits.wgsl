// Binary samples, 32 features a word, word-major within a chunk, four samples (a quad) a vec4u: feature d of the quad is bit
// d % 32 of sample_bits[(d / 32) * dispatch.quad_stride + quad]; and their weights, 0 for the padding after the last sample.
@group(0) @binding(0) var<storage, read> sample_bits: array<vec4u>;
@group(0) @binding(1) var<storage, read> sample_weights: array<vec4f>;
