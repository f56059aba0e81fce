import { defineFamily } from '../../src/index.ts';

/**
 * I0(kappa) exp(-kappa) and I1(kappa) exp(-kappa): means around the circle of exp(kappa (cos t - 1)) and of cos t times it. For a
 * smooth periodic function evenly spaced points leave an error of about exp(-n^2 / (2 kappa)): none to kappa = 10,000.
 */
function bessel(kappa: number) {
  const n = 1024;
  let i0 = 0;
  let i1 = 0;
  for (let j = 0; j < n; j++) {
    const cosine = Math.cos((2 * Math.PI * j) / n);
    const density = Math.exp(kappa * (cosine - 1));
    i0 += density / n;
    i1 += (cosine * density) / n;
  }
  return { i0, i1 };
}

/** kappa with I1(kappa) / I0(kappa) = r: Best and Fisher's approximation (1981), then Newton's steps to full precision. */
function concentration(r: number) {
  // all samples within half a degree: as good as alike
  if (!(r < 1 - 5e-5)) return Number.NaN;
  let kappa =
    r < 0.53
      ? 2 * r + r ** 3 + (5 * r ** 5) / 6
      : r < 0.85
        ? -0.4 + 1.39 * r + 0.43 / (1 - r)
        : 1 / (r ** 3 - 4 * r ** 2 + 3 * r);
  for (let step = 0; step < 8 && kappa > 1e-6; step++) {
    const { i0, i1 } = bessel(kappa);
    const ratio = i1 / i0;
    kappa -= (ratio - r) / (1 - ratio * ratio - ratio / kappa);
  }
  return kappa;
}

/** p(x) = exp(kappa cos(x - mu)) / (2 pi I0(kappa)), x an angle in radians from -pi to pi. */
export const vonMises = defineFamily({
  name: 'von-mises',
  support: { kind: 'interval', from: -Math.PI, to: Math.PI },
  neutral: [1, 0],

  sufficientStatistics: (x) => [Math.cos(x), Math.sin(x)],
  logPartition: ([a, b]) => {
    const kappa = Math.hypot(a, b);
    return Math.log(2 * Math.PI * bessel(kappa).i0) + kappa;
  },
  meanToNatural: ([cosine, sine]) => {
    const r = Math.hypot(cosine, sine);
    if (r === 0) return [0, 0];
    const kappa = concentration(r);
    return [(kappa * cosine) / r, (kappa * sine) / r];
  },
  naturalToMean: ([a, b]) => {
    const kappa = Math.hypot(a, b);
    if (kappa === 0) return [0, 0];
    const { i0, i1 } = bessel(kappa);
    return [((i1 / i0) * a) / kappa, ((i1 / i0) * b) / kappa];
  },
  wgsl: `
    // cos x and sin x for |x| <= pi, each to 1e-7. (WGSL's own need only be right to 2^-11, and on some devices are no better.)
    fn sufficient_statistics(x: f32) -> array<f32, 2> {
      let y = 0.5 * x;
      let z = y * y;
      let sine = y * (1.0 + z * (-1.0 / 6.0 + z * (1.0 / 120.0 + z * (-1.0 / 5040.0 +
        z * (1.0 / 362880.0 - z / 39916800.0)))));
      let cosine = 1.0 + z * (-0.5 + z * (1.0 / 24.0 + z * (-1.0 / 720.0 + z * (1.0 / 40320.0 +
        z * (-1.0 / 3628800.0 + z / 479001600.0)))));
      return array<f32, 2>(1.0 - 2.0 * sine * sine, 2.0 * sine * cosine);
    }`,

  parameters: {
    names: ['directions', 'concentrations'],
    fromNatural: ([a, b]) => [Math.atan2(b, a), Math.hypot(a, b)],
    toNatural: ([mu, kappa]) => [kappa * Math.cos(mu), kappa * Math.sin(mu)],
  },
  // Best and Fisher's rejection from a wrapped Cauchy (1979)
  sample: ([a, b], random) => {
    const kappa = Math.max(1e-6, Math.hypot(a, b));
    const tau = 1 + Math.sqrt(1 + 4 * kappa * kappa);
    const rho = (tau - Math.sqrt(2 * tau)) / (2 * kappa);
    const r = (1 + rho * rho) / (2 * rho);
    for (;;) {
      const z = Math.cos(Math.PI * random.uniform());
      const f = (1 + r * z) / (r + z);
      const c = kappa * (r - f);
      const u = random.uniform();
      if (u >= c * (2 - c) && Math.log(c / u) + 1 - c < 0) continue;
      const turn = random.uniform() < 0.5 ? Math.acos(f) : -Math.acos(f);
      const angle = Math.atan2(b, a) + turn;
      return Math.atan2(Math.sin(angle), Math.cos(angle));
    }
  },
});
