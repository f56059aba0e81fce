// Geometric, x = 0, 1, ...: T(x) = x, eta = ln(1 - p). Twin of src/families/geometric.ts.
fn sufficient_statistics(x: f32) -> array<f32, STATISTICS> {
  return array<f32, STATISTICS>(x);
}
