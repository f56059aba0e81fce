// GUIDANCE 3: random responsibilities, uniform numbers divided by their sum: ln of one stands in place of a_nk. The numbers are
// Philox words of (quad, component); a label (-1: none) makes a sample wholly of its component. After the weights of a chunk lie a
// row of labels and then, in halves of 16 bits, the chunk's first quad and the key. Twin of guideAtRandom in src/em/guidance.ts.
fn guided(_a: vec4f, component: u32, quad: u32) -> vec4f {
  let label = sample_weights[dispatch.quad_stride + quad];
  let first = vec4u(sample_weights[2u * dispatch.quad_stride]);
  let second = vec4u(sample_weights[2u * dispatch.quad_stride + 1u]);
  let counter = vec4u((first.x | (first.y << 16u)) + quad, 0u, component, RANDOM_STREAM);
  let words = philox(counter, vec2u(first.z | (first.w << 16u), second.x | (second.y << 16u)));
  let random = log((vec4f(words) + 0.5) * 0x1p-32f);
  let labelled = select(vec4f(LOG_ZERO), vec4f(0.0), label == vec4f(f32(component)));
  return select(labelled, random, label < vec4f(0.0));
}
