// Gaussian, diagonal covariance (and spherical), at most four features, for fused.wgsl: sums of residuals as they are, x - m, as
// gaussian-diag-moments.wgsl has them: sum gamma (x - m), sum gamma (x - m)^2, sum gamma.
fn coordinates(x: mat4x4f, low: mat4x4f, component: u32) -> mat4x4f {
  return centred(x, low, component, 0u);
}

fn log_density_at(r: mat4x4f, component: u32) -> vec4f {
  let scale = whitening[component * WHITENING_STRIDE];
  let y0 = r[0] * scale.x;
  var square = y0 * y0;
  if (D > 1u) {
    let y1 = r[1] * scale.y;
    square += y1 * y1;
  }
  if (D > 2u) {
    let y2 = r[2] * scale.z;
    square += y2 * y2;
  }
  if (D > 3u) {
    let y3 = r[3] * scale.w;
    square += y3 * y3;
  }
  return log_constant(component) - 0.5 * square;
}

// Lists of what feature after feature adds: (mass, r0, r0 r0, r1), (r1 r1, r2, r2 r2, r3), (r3 r3, 0, 0, 0).
fn add_sample_sums(sums: mat4x4f, r: mat4x4f, weights: vec4f) -> mat4x4f {
  let one = vec4f(1.0);
  let w0 = weights * r[0];
  var a = vec4f(add_dot(sums[0].x, weights, one), add_dot(sums[0].y, w0, one), add_dot(sums[0].z, w0, r[0]), 0.0);
  var b = vec4f(0.0);
  var c = vec4f(0.0);
  if (D > 1u) {
    let w1 = weights * r[1];
    a.w = add_dot(sums[0].w, w1, one);
    b.x = add_dot(sums[1].x, w1, r[1]);
  }
  if (D > 2u) {
    let w2 = weights * r[2];
    b.y = add_dot(sums[1].y, w2, one);
    b.z = add_dot(sums[1].z, w2, r[2]);
  }
  if (D > 3u) {
    let w3 = weights * r[3];
    b.w = add_dot(sums[1].w, w3, one);
    c.x = add_dot(sums[2].x, w3, r[3]);
  }
  return mat4x4f(a, b, c, vec4f(0.0));
}

// From left to right: four fused multiply-adds.
fn add_dot(sum: f32, a: vec4f, b: vec4f) -> f32 {
  return sum + a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w;
}
