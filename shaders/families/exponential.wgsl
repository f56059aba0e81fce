// Exponential: T(x) = x, eta = -rate. Twin of src/families/exponential.ts.
fn sufficient_statistics(x: f32) -> array<f32, STATISTICS> {
  return array<f32, STATISTICS>(x);
}
