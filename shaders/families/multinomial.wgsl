// Multinomial counts: T(x) = x, eta = ln theta, one a category. Twin of src/families/multinomial.ts.
fn sufficient_statistics(x: f32) -> array<f32, STATISTICS> {
  return array<f32, STATISTICS>(x);
}
