import type { Random } from '../data/random.ts';
import { logFactorial } from './log-factorial.ts';

/** A Poisson number: Knuth's product of uniforms to a rate of 10, then transformed rejection (Hoermann 1993, PTRS). */
export function drawPoisson(rate: number, random: Random): number {
  if (rate < 10) {
    const limit = Math.exp(-rate);
    let count = 0;
    for (let product = random.uniform(); product > limit; product *= random.uniform()) count++;
    return count;
  }
  const logRate = Math.log(rate);
  const b = 0.931 + 2.53 * Math.sqrt(rate);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const accepted = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = random.uniform() - 0.5;
    const v = random.uniform();
    const us = 0.5 - Math.abs(u);
    const count = Math.floor(((2 * a) / us + b) * u + rate + 0.43);
    if (us >= 0.07 && v <= accepted) return count;
    if (count < 0 || (us < 0.013 && v > us)) continue;
    const proposal = Math.log((v * inverseAlpha) / (a / (us * us) + b));
    if (proposal <= count * logRate - rate - logFactorial(count)) return count;
  }
}

/** Successes in n trials of probability p: trial by waiting time to n p of 10, then Hoermann's BTRS (1993). */
export function drawBinomial(n: number, p: number, random: Random): number {
  if (p <= 0 || n === 0) return 0;
  if (p >= 1) return n;
  if (p > 0.5) return n - drawBinomial(n, 1 - p, random);
  if (n * p < 10) {
    // failures between successes are geometric
    const logFailure = Math.log1p(-p);
    let successes = 0;
    for (let trial = 0; ; successes++) {
      trial += Math.floor(Math.log(random.uniform()) / logFailure) + 1;
      if (trial > n) return successes;
    }
  }
  const deviation = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const centre = n * p + 0.5;
  const accepted = 0.92 - 4.2 / b;
  const alpha = (2.83 + 5.1 / b) * deviation;
  const logOdds = Math.log(p / (1 - p));
  const mode = Math.floor((n + 1) * p);
  const atMode = logFactorial(mode) + logFactorial(n - mode);
  for (;;) {
    const u = random.uniform() - 0.5;
    const v = random.uniform();
    const us = 0.5 - Math.abs(u);
    const count = Math.floor(((2 * a) / us + b) * u + centre);
    if (us >= 0.07 && v <= accepted) return count;
    if (count < 0 || count > n) continue;
    const proposal = Math.log((v * alpha) / (a / (us * us) + b));
    const ratio = atMode - logFactorial(count) - logFactorial(n - count) + (count - mode) * logOdds;
    if (proposal <= ratio) return count;
  }
}

/** Counts of `total` trials over categories of the given probabilities (sum 1), by one binomial after another. */
export function drawMultinomial(
  total: number,
  probabilities: Float64Array,
  random: Random,
  out: Float64Array,
  offset: number,
): void {
  // what is left after each category, summed from the end: the last one above 0 gets exactly the rest
  const rest = probabilities.slice();
  for (let d = rest.length - 2; d >= 0; d--) rest[d] += rest[d + 1];
  let left = total;
  for (let d = 0; d < probabilities.length; d++) {
    const count = drawBinomial(left, probabilities[d] / rest[d], random);
    out[offset + d] = count;
    left -= count;
  }
}
