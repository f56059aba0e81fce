import type { FamilyDefinition } from '../../src/index.ts';

/** Correct definitions of well-known families, near 0 and far from it, with kinks, infinite peaks and heavy tails. */

const LINE = { kind: 'interval', from: -Infinity, to: Infinity } as const;
const POSITIVE = { kind: 'interval', from: 0, to: Infinity } as const;
const UNIT = { kind: 'interval', from: 0, to: 1 } as const;
const COUNTS = { kind: 'integers', from: 0, to: Infinity } as const;
const NO_KERNEL = (nStatistics: number) =>
  `fn sufficient_statistics(x: f32) -> array<f32, ${nStatistics}> { return array<f32, ${nStatistics}>(); }`;

/** T = |x - location|. */
export const laplace = (location: number): FamilyDefinition => ({
  name: 'laplace',
  support: LINE,
  neutral: [-1],
  sufficientStatistics: (x) => [Math.abs(x - location)],
  logPartition: ([eta]) => Math.log(2 / -eta),
  meanToNatural: ([mean]) => [-1 / mean],
  wgsl: NO_KERNEL(1),
  mean: () => location,
});

/** T = x, eta = mu / sd^2. */
export const normal = (centre: number, sd: number): FamilyDefinition => ({
  name: 'normal',
  support: LINE,
  neutral: [centre / (sd * sd)],
  sufficientStatistics: (x) => [x],
  logBaseMeasure: (x) => -((x / sd) ** 2) / 2 - Math.log(sd * Math.sqrt(2 * Math.PI)),
  logPartition: ([eta]) => (sd * sd * eta * eta) / 2,
  meanToNatural: ([mean]) => [mean / (sd * sd)],
  wgsl: NO_KERNEL(1),
  mean: ([eta]) => eta * sd * sd,
  sample: ([eta], random) => eta * sd * sd + sd * random.normal(),
});

/** T = (x, x^2). */
export const normalOfTwo = (centre: number, sd: number): FamilyDefinition => ({
  name: 'normal-2',
  support: LINE,
  neutral: [centre / (sd * sd), -0.5 / (sd * sd)],
  sufficientStatistics: (x) => [x, x * x],
  logPartition: ([a, b]) => (-a * a) / (4 * b) + 0.5 * Math.log(-Math.PI / b),
  meanToNatural: ([first, second]) => {
    const variance = second - first * first;
    return variance > 0 ? [first / variance, -0.5 / variance] : [Number.NaN, Number.NaN];
  },
  wgsl: NO_KERNEL(2),
  mean: ([a, b]) => (-0.5 * a) / b,
});

/** Riemann's zeta and its derivative, s > 1: Euler and Maclaurin's sums from 20 terms. */
function zeta(s: number): { value: number; slope: number } {
  let value = 0;
  let slope = 0;
  const n = 20;
  const log = Math.log(n);
  for (let k = 1; k < n; k++) {
    value += k ** -s;
    slope -= Math.log(k) * k ** -s;
  }
  const power = n ** -s;
  value += (n * power) / (s - 1) + power / 2 + (s * power) / (12 * n);
  value -= (s * (s + 1) * (s + 2) * power) / (720 * n ** 3);
  slope -= (n * power * (log + 1 / (s - 1))) / (s - 1) + (log * power) / 2;
  slope += (power * (1 - s * log)) / (12 * n);
  slope -= (power * (3 * s * s + 6 * s + 2 - s * (s + 1) * (s + 2) * log)) / (720 * n ** 3);
  return { value, slope };
}

/** p(x) = x^-s / zeta(s), x = 1, 2, ...: T = ln x, eta = -s. */
export const zipf = (s: number): FamilyDefinition => ({
  name: 'zipf',
  support: { kind: 'integers', from: 1, to: Infinity },
  neutral: [-s],
  sufficientStatistics: (x) => [Math.log(x)],
  logPartition: ([eta]) => (eta < -1 ? Math.log(zeta(-eta).value) : Number.NaN),
  meanToNatural: ([mean]) => {
    // E[ln x] falls from infinity at s = 1
    let [low, high] = [1 + 1e-9, 60];
    for (let step = 0; step < 100; step++) {
      const middle = (low + high) / 2;
      const { value, slope } = zeta(middle);
      if (-slope / value > mean) low = middle;
      else high = middle;
    }
    return [-low];
  },
  wgsl: NO_KERNEL(1),
});

/** T = (x, 1 / x): sqrt(lambda / (2 pi x^3)) exp(-lambda (x - mu)^2 / (2 mu^2 x)). */
export const inverseGaussian = (mu: number, lambda: number): FamilyDefinition => ({
  name: 'inverse-gaussian',
  support: POSITIVE,
  neutral: [-lambda / (2 * mu * mu), -lambda / 2],
  sufficientStatistics: (x) => [x, 1 / x],
  logBaseMeasure: (x) => -1.5 * Math.log(x) - 0.5 * Math.log(2 * Math.PI),
  logPartition: ([a, b]) => -2 * Math.sqrt(a * b) - 0.5 * Math.log(-2 * b),
  meanToNatural: ([m, inverse]) => {
    const shape = 1 / (inverse - 1 / m);
    return [-shape / (2 * m * m), -shape / 2];
  },
  wgsl: NO_KERNEL(2),
  mean: ([a, b]) => Math.sqrt(b / a),
});

/** T = (ln x, ln^2 x). */
export const logNormal = (mu: number, sd: number): FamilyDefinition => {
  const { sample: _sample, mean: _mean, ...logarithm } = normalOfTwo(mu, sd);
  return {
    ...logarithm,
    name: 'log-normal',
    support: POSITIVE,
    sufficientStatistics: (x) => [Math.log(x), Math.log(x) ** 2],
    logBaseMeasure: (x) => -Math.log(x),
    mean: ([a, b]) => Math.exp((-0.5 * a) / b - 0.25 / b),
    sample: ([a, b], random) => Math.exp((-0.5 * a) / b + Math.sqrt(-0.5 / b) * random.normal()),
  };
};

/** Failures before the r-th success, r a whole number: T = x, eta = ln p. */
export const negativeBinomial = (r: number): FamilyDefinition => ({
  name: 'negative-binomial',
  support: COUNTS,
  neutral: [-0.7],
  sufficientStatistics: (x) => [x],
  logBaseMeasure: (x) => {
    let sum = 0;
    for (let i = 1; i < r; i++) sum += Math.log((x + i) / i);
    return sum;
  },
  logPartition: ([eta]) => -r * Math.log(-Math.expm1(eta)),
  meanToNatural: ([mean]) => [-Math.log1p(r / mean)],
  wgsl: NO_KERNEL(1),
});

/** ln Gamma, by Stirling's series above 10. */
function logGamma(x: number): number {
  let shift = 0;
  for (; x < 10; x++) shift += Math.log(x);
  const series = 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5) - 1 / (1680 * x ** 7);
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series - shift;
}

function digamma(x: number): number {
  let shift = 0;
  for (; x < 10; x++) shift += 1 / x;
  const series = 1 / (12 * x * x) - 1 / (120 * x ** 4) + 1 / (252 * x ** 6) - 1 / (240 * x ** 8);
  return Math.log(x) - 0.5 / x - series - shift;
}

function trigamma(x: number): number {
  let shift = 0;
  for (; x < 10; x++) shift += 1 / (x * x);
  const series = 1 / (6 * x ** 3) - 1 / (30 * x ** 5) + 1 / (42 * x ** 7) - 1 / (30 * x ** 9);
  return 1 / x + 0.5 / (x * x) + series + shift;
}

/** T = (ln x, ln(1 - x)), eta = (a, b), h = 1 / (x (1 - x)). */
export const beta = (a: number, b: number): FamilyDefinition => ({
  name: 'beta',
  support: UNIT,
  neutral: [a, b],
  sufficientStatistics: (x) => [Math.log(x), Math.log1p(-x)],
  logBaseMeasure: (x) => -Math.log(x) - Math.log1p(-x),
  logPartition: ([p, q]) => logGamma(p) + logGamma(q) - logGamma(p + q),
  meanToNatural: ([first, second]) => {
    // Newton's steps in (ln p, ln q), so that both stay above 0
    let [p, q] = [1, 1];
    for (let step = 0; step < 100; step++) {
      const both = digamma(p + q);
      const common = trigamma(p + q);
      const [f, g] = [digamma(p) - both - first, digamma(q) - both - second];
      const [fp, gq] = [trigamma(p) - common, trigamma(q) - common];
      const determinant = fp * gq - common * common;
      const dp = (f * gq + g * common) / determinant;
      const dq = (g * fp + f * common) / determinant;
      p *= Math.exp(Math.max(-1, Math.min(1, -dp / p)));
      q *= Math.exp(Math.max(-1, Math.min(1, -dq / q)));
    }
    return [p, q];
  },
  wgsl: NO_KERNEL(2),
  mean: ([p, q]) => p / (p + q),
});

/** x from 1: p = alpha x^(-alpha - 1): T = ln x, eta = -alpha. */
export const pareto = (alpha: number): FamilyDefinition => ({
  name: 'pareto',
  support: { kind: 'interval', from: 1, to: Infinity },
  neutral: [-alpha],
  sufficientStatistics: (x) => [Math.log(x)],
  logBaseMeasure: (x) => -Math.log(x),
  logPartition: ([eta]) => -Math.log(-eta),
  meanToNatural: ([mean]) => [-1 / mean],
  wgsl: NO_KERNEL(1),
  mean: ([eta]) => (eta < -1 ? eta / (eta + 1) : Infinity),
  sample: ([eta], random) => random.uniform() ** (1 / eta),
});

/** T = x^shape. */
export const weibull = (shape: number): FamilyDefinition => ({
  name: 'weibull',
  support: POSITIVE,
  neutral: [-1],
  sufficientStatistics: (x) => [x ** shape],
  logBaseMeasure: (x) => Math.log(shape) + (shape - 1) * Math.log(x),
  logPartition: ([eta]) => -Math.log(-eta),
  meanToNatural: ([mean]) => [-1 / mean],
  wgsl: NO_KERNEL(1),
  sample: ([eta], random) => (Math.log(random.uniform()) / eta) ** (1 / shape),
});

export const halfNormal: FamilyDefinition = {
  name: 'half-normal',
  support: POSITIVE,
  neutral: [-0.5],
  sufficientStatistics: (x) => [x * x],
  logPartition: ([eta]) => 0.5 * Math.log(-Math.PI / (4 * eta)),
  meanToNatural: ([mean]) => [-0.5 / mean],
  wgsl: NO_KERNEL(1),
  mean: ([eta]) => 1 / Math.sqrt(-Math.PI * eta),
};

export const maxwell: FamilyDefinition = {
  name: 'maxwell',
  support: POSITIVE,
  neutral: [-0.5],
  sufficientStatistics: (x) => [x * x],
  logBaseMeasure: (x) => Math.log((4 / Math.sqrt(Math.PI)) * x * x),
  logPartition: ([eta]) => -1.5 * Math.log(-eta),
  meanToNatural: ([mean]) => [-1.5 / mean],
  wgsl: NO_KERNEL(1),
  mean: ([eta]) => 2 / Math.sqrt(-Math.PI * eta),
};

/** Two bumps far from each other and from 0, one of them narrow: T says which. */
export const twoBumps: FamilyDefinition = {
  name: 'two-bumps',
  support: LINE,
  neutral: [0.3],
  sufficientStatistics: (x) => [x > 0 ? 1 : 0],
  logBaseMeasure: (x) =>
    x > 0
      ? -((x - 500) ** 2) / 2 - 0.5 * Math.log(2 * Math.PI)
      : -(((x + 3000) / 0.01) ** 2) / 2 - Math.log(0.01 * Math.sqrt(2 * Math.PI)),
  logPartition: ([eta]) => Math.log1p(Math.exp(eta)),
  meanToNatural: ([mean]) => [Math.log(mean / (1 - mean))],
  wgsl: NO_KERNEL(1),
  mean: ([eta]) => (500 * Math.exp(eta) - 3000) / (1 + Math.exp(eta)),
};

/** x = 0 or 1, 1 one time in 100,000: 4000 draws are all 0. */
export const rare: FamilyDefinition = {
  name: 'rare',
  support: { kind: 'integers', from: 0, to: 1 },
  neutral: [Math.log(1e-5)],
  sufficientStatistics: (x) => [x],
  logPartition: ([eta]) => Math.log1p(Math.exp(eta)),
  meanToNatural: ([mean]) => [Math.log(mean / (1 - mean))],
  wgsl: NO_KERNEL(1),
  sample: ([eta], random) => (random.uniform() < 1 / (1 + Math.exp(-eta)) ? 1 : 0),
};

/** Counts about their rate. */
export const counts = (rate: number): FamilyDefinition => ({
  name: 'counts',
  support: COUNTS,
  neutral: [Math.log(rate)],
  sufficientStatistics: (x) => [x],
  logBaseMeasure: (x) => -logGamma(x + 1),
  logPartition: ([eta]) => Math.exp(eta),
  meanToNatural: ([mean]) => [Math.log(mean)],
  wgsl: NO_KERNEL(1),
});

export const accepted: Readonly<Record<string, FamilyDefinition>> = {
  'Laplace at 3': laplace(3),
  'Laplace at 0': laplace(0),
  'Laplace at 100': laplace(100),
  'Laplace at -12345.678': laplace(-12345.678),
  'normal about 1000': normal(1000, 1),
  'normal about 0, sd 1e-3': normal(0, 1e-3),
  'normal about 1e6': normal(1e6, 1),
  'normal about 5, sd 1e-6': normal(5, 1e-6),
  'normal about 0, sd 1e8': normal(0, 1e8),
  'normal of two statistics': normalOfTwo(0.5, 2),
  'normal of two statistics about 1000': normalOfTwo(1000, 1),
  'normal of two statistics about 1e6': normalOfTwo(1e6, 1),
  'Zipf, s = 2': zipf(2),
  'Zipf, s = 1.3': zipf(1.3),
  'Zipf, s = 1.02': zipf(1.02),
  'Zipf, s = 4': zipf(4),
  'inverse Gaussian': inverseGaussian(1, 1),
  'inverse Gaussian, broad': inverseGaussian(100, 0.1),
  'inverse Gaussian, all but a power law': inverseGaussian(2000, 1.5e-4),
  'log-normal': logNormal(0, 1),
  'log-normal, broad': logNormal(2, 5),
  'log-normal, narrow and far': logNormal(10, 0.01),
  'negative binomial, r = 5': negativeBinomial(5),
  'beta(2, 3)': beta(2, 3),
  'beta(0.5, 0.5)': beta(0.5, 0.5),
  'beta(0.2, 8)': beta(0.2, 8),
  'beta(3, 0.1)': beta(3, 0.1),
  'Pareto, alpha = 3': pareto(3),
  'Pareto without a mean': pareto(0.7),
  'Pareto without anything': pareto(0.05),
  'Weibull, shape 0.5': weibull(0.5),
  'Weibull, shape 3': weibull(3),
  'Weibull, shape 0.1': weibull(0.1),
  'half-normal': halfNormal,
  Maxwell: maxwell,
  'two bumps': twoBumps,
  'a rare event': rare,
  'counts about 3': counts(3),
  'counts about 1e6': counts(1e6),
  'counts about 1e9': counts(1e9),
};
