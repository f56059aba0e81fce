// What is known beforehand of where samples belong: ln tau_nk, added to a_nk. The numbers lie after the weights of a chunk, a row
// of quads each: GUIDANCE 1, the samples' labels (-1: unknown); GUIDANCE 2, ln tau for each component. Twin of src/em/guidance.ts.
// `component` counts within its model.
fn guided(a: vec4f, component: u32, quad: u32) -> vec4f {
  if (GUIDANCE == 1u) {
    let label = sample_weights[dispatch.quad_stride + quad];
    return select(a + LOG_ZERO, a, (label < vec4f(0.0)) | (label == vec4f(f32(component))));
  }
  if (GUIDANCE == 2u) {
    return a + sample_weights[(1u + component) * dispatch.quad_stride + quad];
  }
  return a;
}
