/** Elementary functions of two numbers at once. */

/** a b + c: fused where the engine has relaxed SIMD (the build defines RELAXED), else rounded twice. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  // @ts-ignore: defined by the build
  return RELAXED ? f64x2.relaxed_madd(a, b, c) : f64x2.add(f64x2.mul(a, b), c);
}

// @ts-ignore: decorator
@inline
export function splat(at: usize): v128 {
  return v128.load64_splat(at);
}

/** The sum of both lanes. */
// @ts-ignore: decorator
@inline
export function across(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

/** Below this exp is less than the least normal number, and 0 here. */
export const LEAST_EXPONENT: f64 = -708.39;

/**
 * exp(x), x <= 709: x = n ln 2 + r with |r| <= ln 2 / 2, then exp(r) = 1 + 2 r / (R - r), where R = r coth(r / 2) is even in r:
 * 2 + sum_n 2 B_2n r^2n / (2n)!, B the Bernoulli numbers (Abramowitz and Stegun 4.5.64). Seven terms: what is left out is below
 * 1e-17. ln 2 in two parts, the first of 32 bits, so that n times it is exact. Error below 2 ulp; 0 below -708.39 (test/cpu/math).
 */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  const n = f64x2.nearest(f64x2.mul(x, f64x2.splat(1.4426950408889634)));
  const high = f64x2.sub(x, f64x2.mul(n, f64x2.splat(6.93147180369123816490e-1)));
  const r = f64x2.sub(high, f64x2.mul(n, f64x2.splat(1.90821492927058770002e-10)));
  const t = f64x2.mul(r, r);
  let p = f64x2.splat(-1.0568380277374987e-9);
  p = madd(p, t, f64x2.splat(4.17535139757361979584e-8));
  p = madd(p, t, f64x2.splat(-1.6534391534391534392e-6));
  p = madd(p, t, f64x2.splat(6.6137566137566137566e-5));
  p = madd(p, t, f64x2.splat(-2.7777777777777777778e-3));
  p = madd(p, t, f64x2.splat(0.16666666666666666667));
  // R - r, R = 2 + t p
  const below = f64x2.sub(madd(p, t, f64x2.splat(2)), r);
  const e = f64x2.add(f64x2.splat(1), f64x2.div(f64x2.add(r, r), below));
  // n + 2^52 + 2^51 has n in its low bits: added to e's exponent
  const power = i64x2.shl(f64x2.add(n, f64x2.splat(6755399441055744)), 52);
  const scaled = i64x2.add(e, power);
  return v128.and(scaled, f64x2.gt(x, f64x2.splat(LEAST_EXPONENT)));
}

/**
 * ln x of normal numbers, and of 0: x = 2^e m with m in [sqrt(1/2), sqrt 2), ln m = 2 artanh(s), s = (m - 1) / (m + 1), by its series to
 * s^21. Error below 2 ulp where |ln x| > 1e-3.
 */
// @ts-ignore: decorator
@inline
export function log(x: v128): v128 {
  const bits = i64x2.sub(x, i64x2.splat(0x3fe6a09e667f3bcd));
  const exponent = i64x2.shr_s(bits, 52);
  const m = i64x2.add(
    v128.and(bits, i64x2.splat(0x000fffffffffffff)),
    i64x2.splat(0x3fe6a09e667f3bcd),
  );
  // the exponent as a float: 2^52 + 2^51 + e, minus that
  const e = f64x2.sub(
    i64x2.add(exponent, i64x2.splat(0x4338000000000000)),
    f64x2.splat(6755399441055744),
  );
  const one = f64x2.splat(1);
  const f = f64x2.sub(m, one);
  const s = f64x2.div(f, f64x2.add(m, one));
  const t = f64x2.mul(s, s);
  let p = f64x2.splat(2.0 / 21);
  p = madd(p, t, f64x2.splat(2.0 / 19));
  p = madd(p, t, f64x2.splat(2.0 / 17));
  p = madd(p, t, f64x2.splat(2.0 / 15));
  p = madd(p, t, f64x2.splat(2.0 / 13));
  p = madd(p, t, f64x2.splat(2.0 / 11));
  p = madd(p, t, f64x2.splat(2.0 / 9));
  p = madd(p, t, f64x2.splat(2.0 / 7));
  p = madd(p, t, f64x2.splat(2.0 / 5));
  p = madd(p, t, f64x2.splat(2.0 / 3));
  // 2 s + s t p, with 2 s = f - s f
  const tail = f64x2.mul(s, f64x2.sub(f64x2.mul(t, p), f));
  const low = madd(e, f64x2.splat(1.90821492927058770002e-10), tail);
  const high = f64x2.mul(e, f64x2.splat(6.93147180369123816490e-1));
  const value = f64x2.add(high, f64x2.add(f, low));
  const zero = f64x2.eq(x, f64x2.splat(0));
  return v128.bitselect(f64x2.splat(-Infinity), value, zero);
}
