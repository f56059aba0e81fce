// Where entries are missing: 1 = observed, in the layout of sample_bits.
@group(0) @binding(2) var<storage, read> sample_mask: array<vec4u>;
