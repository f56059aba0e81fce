import wgsl from '../../shaders/families/poisson.wgsl?raw';
import { drawPoisson } from './draws.ts';
import {
  exponentialFamily,
  readSettings,
  type ExponentialFamily,
  type ExponentialFamilyDefinition,
  type FeatureSettings,
} from './exponential-family.ts';
import { gammaMode, logGammaPrior, readGammaPrior, type GammaPrior } from './gamma-prior.ts';
import { logFactorial } from './log-factorial.ts';

/** The counts 0, 1, 2, ... that float64 tells apart. */
export const COUNTS = {
  description: 'the whole numbers from 0',
  has: (value: number): boolean => value >= 0 && Number.isSafeInteger(value),
  example: 0,
};

/** T(x) = x. */
export const identityStatistic = (x: number, out: Float64Array, offset: number): void => {
  out[offset] = x;
};

/** p(x) = rate^x exp(-rate) / x!: T = x, eta = ln rate, A = rate, h = 1 / x!. */
const definition: ExponentialFamilyDefinition = {
  name: 'poisson',
  support: COUNTS,
  nStatistics: 1,
  nonNegative: true,
  wgsl,
  parameters: { rates: [] },
  neutral: [1],
  sufficientStatistics: identityStatistic,
  logBaseMeasure: (x) => -logFactorial(x),
  toNatural: ([rate], natural) => {
    natural[0] = Math.log(rate);
  },
  meanToNatural: ([mean], natural) => {
    natural[0] = Math.log(mean);
  },
  // a rate of 0 is proper: all counts are 0
  logPartition: ([eta]) => Math.exp(eta),
  naturalToMean: ([eta], mean) => {
    mean[0] = Math.exp(eta);
  },
  update({ sums, mass, prior, component, feature }, values) {
    const rate = gammaMode(sums[0], mass, prior as GammaPrior | undefined, component, feature);
    if (rate === undefined) return false;
    values[0] = rate;
    return true;
  },
  readPrior: readGammaPrior,
  logPrior: ({ rates }, prior) => logGammaPrior(rates, prior as GammaPrior),
  problem: ([rate]) =>
    rate >= 0 && rate < Infinity ? undefined : 'rates must be finite and at least 0',
  mean: ([rate]) => rate,
  draw: ([rate], random) => drawPoisson(rate, random),
};

/**
 * Poisson counts, independent given the component: p(x) = rate^x exp(-rate) / x!, x = 0, 1, 2, ...
 * Parameters: `rates`, K x D, at least 0 (0: a component whose counts are all 0).
 * Prior: Gamma(shape a, rate b), `prior: { a, b }`, numbers or D of them; the M-step is (S + a - 1) / (N_k + b).
 * Missing entries are left out. On the GPU side counts are exact up to 2^24.
 * @param options the number of columns in `independent({ ... })` (default 1 there), or `{ nFeatures, prior }`
 */
export function poisson(options?: FeatureSettings | number): ExponentialFamily {
  return exponentialFamily(definition, readSettings(options));
}
