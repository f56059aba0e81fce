// Philox4x32-10 (Salmon et al., SC 2011): four random words that are a function of a counter and a key alone. Twin of
// src/data/philox.ts.
const PHILOX_MULTIPLIER_0 = 0xd2511f53u;
const PHILOX_MULTIPLIER_1 = 0xcd9e8d57u;
const PHILOX_WEYL = vec2u(0x9e3779b9u, 0xbb67ae85u);

fn philox(counter: vec4u, key: vec2u) -> vec4u {
  var c = counter;
  var k = key;
  for (var round = 0u; round < 10u; round++) {
    let high_0 = multiply_high(PHILOX_MULTIPLIER_0, c.x);
    let high_1 = multiply_high(PHILOX_MULTIPLIER_1, c.z);
    c = vec4u(
      high_1 ^ c.y ^ k.x,
      PHILOX_MULTIPLIER_1 * c.z,
      high_0 ^ c.w ^ k.y,
      PHILOX_MULTIPLIER_0 * c.x,
    );
    k += PHILOX_WEYL;
  }
  return c;
}

// The upper 32 bits of a product, by limbs of 16 bits: no sum of these leaves 32 bits.
fn multiply_high(a: u32, b: u32) -> u32 {
  let a_low = a & 0xffffu;
  let a_high = a >> 16u;
  let b_low = b & 0xffffu;
  let b_high = b >> 16u;
  let first = a_high * b_low + ((a_low * b_low) >> 16u);
  let second = a_low * b_high + (first & 0xffffu);
  return a_high * b_high + (first >> 16u) + (second >> 16u);
}
