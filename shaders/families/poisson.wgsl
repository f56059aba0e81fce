// Poisson: T(x) = x, eta = ln rate. Twin of src/families/poisson.ts.
fn sufficient_statistics(x: f32) -> array<f32, STATISTICS> {
  return array<f32, STATISTICS>(x);
}
