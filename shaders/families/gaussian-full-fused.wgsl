// Gaussian, full covariance, at most four features, for fused.wgsl: sums of whitened residuals y = W (x - m), as
// gaussian-full-whitened.wgsl has them: sum gamma y y', sum gamma y, sum gamma. W is one tile, its lower triangle alone is read, and D
// vec4s hold all sums of D features (the host's arrangeTriangles, src/families/gaussian-fused.ts, knows where).
fn coordinates(x: mat4x4f, low: mat4x4f, component: u32) -> mat4x4f {
  let r = centred(x, low, component, 0u);
  let tile = component * WHITENING_STRIDE;
  var y = mat4x4f();
  y[0] = r[0] * whitening[tile].x;
  if (D > 1u) {
    let row = whitening[tile + 1u];
    y[1] = r[0] * row.x + r[1] * row.y;
  }
  if (D > 2u) {
    let row = whitening[tile + 2u];
    y[2] = r[0] * row.x + r[1] * row.y + r[2] * row.z;
  }
  if (D > 3u) {
    let row = whitening[tile + 3u];
    y[3] = r[0] * row.x + r[1] * row.y + r[2] * row.z + r[3] * row.w;
  }
  return y;
}

fn log_density_at(y: mat4x4f, component: u32) -> vec4f {
  return log_constant(component) - 0.5 * add_squares(vec4f(0.0), y);
}

// Lists of what feature after feature adds: (mass, y0, y1, y0 y0), (y1 y0, y1 y1, y2, y2 y0), (y2 y1, y2 y2, y3, y3 y0),
// (y3 y1, y3 y2, y3 y3, 0).
fn add_sample_sums(sums: mat4x4f, y: mat4x4f, weights: vec4f) -> mat4x4f {
  let one = vec4f(1.0);
  let w0 = weights * y[0];
  var a = vec4f(add_dot(sums[0].x, weights, one), add_dot(sums[0].y, w0, one), 0.0, add_dot(sums[0].w, w0, y[0]));
  var b = vec4f(0.0);
  var c = vec4f(0.0);
  var d = vec4f(0.0);
  if (D > 1u) {
    let w1 = weights * y[1];
    a.z = add_dot(sums[0].z, w1, one);
    b.x = add_dot(sums[1].x, w1, y[0]);
    b.y = add_dot(sums[1].y, w1, y[1]);
  }
  if (D > 2u) {
    let w2 = weights * y[2];
    b.z = add_dot(sums[1].z, w2, one);
    b.w = add_dot(sums[1].w, w2, y[0]);
    c.x = add_dot(sums[2].x, w2, y[1]);
    c.y = add_dot(sums[2].y, w2, y[2]);
  }
  if (D > 3u) {
    let w3 = weights * y[3];
    c.z = add_dot(sums[2].z, w3, one);
    c.w = add_dot(sums[2].w, w3, y[0]);
    d.x = add_dot(sums[3].x, w3, y[1]);
    d.y = add_dot(sums[3].y, w3, y[2]);
    d.z = add_dot(sums[3].z, w3, y[3]);
  }
  return mat4x4f(a, b, c, d);
}

// From left to right: four fused multiply-adds.
fn add_dot(sum: f32, a: vec4f, b: vec4f) -> f32 {
  return sum + a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w;
}
