// Gaussian, full covariance (and tied: WHITENING_STRIDE 0). Twin of src/families/gaussian-full.ts.
// a_nk = constant_k - |W_k (x_n - m_k)|^2 / 2. W_k is lower triangular in 4 x 4 tiles, by rows; a tile is four row vec4s.
// y = W (x - m) is formed four blocks of rows (16 features) at a time, in registers: a residual serves all four, a tile of W
// serves four samples. The variables are named because private arrays that a loop indexes leave the registers (3 times slower on
// an H200, more on SwiftShader); sums are written from left to right, so that each term is one fused multiply-add.

fn log_density(component: u32, quad: u32) -> vec4f {
  var square = vec4f(0.0);
  for (var c = 0u; c < BLOCKS; c += 4u) {
    let row0 = component * WHITENING_STRIDE + 2u * c * (c + 1u);
    let row1 = row0 + 4u * (c + 1u);
    let row2 = row1 + 4u * (c + 2u);
    let row3 = row2 + 4u * (c + 3u);
    var y0 = mat4x4f();
    var y1 = mat4x4f();
    var y2 = mat4x4f();
    var y3 = mat4x4f();
    for (var j = 0u; j < c; j++) {
      let x = residuals(component, j, quad);
      y0 = add_product(y0, x, row0 + 4u * j);
      if (c + 1u < BLOCKS) {
        y1 = add_product(y1, x, row1 + 4u * j);
      }
      if (c + 2u < BLOCKS) {
        y2 = add_product(y2, x, row2 + 4u * j);
      }
      if (c + 3u < BLOCKS) {
        y3 = add_product(y3, x, row3 + 4u * j);
      }
    }
    let x0 = residuals(component, c, quad);
    y0 = add_product(y0, x0, row0 + 4u * c);
    square = add_squares(square, y0);
    if (c + 1u < BLOCKS) {
      let x1 = residuals(component, c + 1u, quad);
      y1 = add_product(y1, x0, row1 + 4u * c);
      y1 = add_product(y1, x1, row1 + 4u * c + 4u);
      square = add_squares(square, y1);
      if (c + 2u < BLOCKS) {
        let x2 = residuals(component, c + 2u, quad);
        y2 = add_product(y2, x0, row2 + 4u * c);
        y2 = add_product(y2, x1, row2 + 4u * c + 4u);
        y2 = add_product(y2, x2, row2 + 4u * c + 8u);
        square = add_squares(square, y2);
        if (c + 3u < BLOCKS) {
          let x3 = residuals(component, c + 3u, quad);
          y3 = add_product(y3, x0, row3 + 4u * c);
          y3 = add_product(y3, x1, row3 + 4u * c + 4u);
          y3 = add_product(y3, x2, row3 + 4u * c + 8u);
          y3 = add_product(y3, x3, row3 + 4u * c + 12u);
          square = add_squares(square, y3);
        }
      }
    }
  }
  return log_constant(component) - 0.5 * square;
}

// y + x W': `x` has features in columns and the quad's samples in rows, a tile four rows of W. In pairs of float32 a tile's product
// comes before the sum: a quarter more operations, and half the rounding where rows of W cancel.
fn add_product(y: mat4x4f, x: mat4x4f, tile: u32) -> mat4x4f {
  let a = whitening[tile];
  let b = whitening[tile + 1u];
  let c = whitening[tile + 2u];
  let d = whitening[tile + 3u];
  if (SPLIT) {
    return y + mat4x4f(x * a, x * b, x * c, x * d);
  }
  return mat4x4f(
    y[0] + x[0] * a.x + x[1] * a.y + x[2] * a.z + x[3] * a.w,
    y[1] + x[0] * b.x + x[1] * b.y + x[2] * b.z + x[3] * b.w,
    y[2] + x[0] * c.x + x[1] * c.y + x[2] * c.z + x[3] * c.w,
    y[3] + x[0] * d.x + x[1] * d.y + x[2] * d.z + x[3] * d.w,
  );
}

fn add_squares(sum: vec4f, y: mat4x4f) -> vec4f {
  if (SPLIT) {
    return sum + (y[0] * y[0] + y[1] * y[1] + y[2] * y[2] + y[3] * y[3]);
  }
  return sum + y[0] * y[0] + y[1] * y[1] + y[2] * y[2] + y[3] * y[3];
}
