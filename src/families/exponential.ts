import wgsl from '../../shaders/families/exponential.wgsl?raw';
import {
  exponentialFamily,
  readSettings,
  type ExponentialFamily,
  type ExponentialFamilyDefinition,
  type FeatureSettings,
} from './exponential-family.ts';
import { gammaMode, logGammaPrior, readGammaPrior, type GammaPrior } from './gamma-prior.ts';
import { identityStatistic } from './poisson.ts';
import { noMode } from './prior-numbers.ts';

/** p(x) = rate exp(-rate x): T = x, eta = -rate, A = -ln rate, h = 1. */
const definition: ExponentialFamilyDefinition = {
  name: 'exponential',
  support: {
    description: 'the finite numbers from 0',
    has: (value) => value >= 0 && value < Infinity,
    example: 1,
  },
  nStatistics: 1,
  nonNegative: true,
  wgsl,
  parameters: { rates: [] },
  neutral: [1],
  sufficientStatistics: identityStatistic,
  toNatural: ([rate], natural) => {
    natural[0] = -rate;
  },
  meanToNatural: ([mean], natural) => {
    natural[0] = -1 / mean;
  },
  logPartition: ([eta]) => -Math.log(-eta),
  naturalToMean: ([eta], mean) => {
    mean[0] = -1 / eta;
  },
  // N_k events in a total waiting time of S
  update({ sums, mass, prior, component, feature }, values) {
    const rate = gammaMode(mass, sums[0], prior as GammaPrior | undefined, component, feature);
    if (rate === undefined) return false;
    if (rate === 0 || (rate === Infinity && mass === 0)) {
      throw noMode(
        'the rate',
        component,
        feature,
        `the density grows towards ${rate}`,
        'Use a Gamma prior with a above 1 and b above 0, or fewer components.',
      );
    }
    values[0] = rate;
    return true;
  },
  readPrior: readGammaPrior,
  logPrior: ({ rates }, prior) => logGammaPrior(rates, prior as GammaPrior),
  problem: ([rate]) =>
    rate > 0 && rate < Infinity ? undefined : 'rates must be finite and above 0',
  mean: ([rate]) => 1 / rate,
  draw: ([rate], random) => -Math.log(random.uniform()) / rate,
};

/**
 * Exponential waiting times, independent given the component: p(x) = rate exp(-rate x), x >= 0.
 * Parameters: `rates`, K x D, above 0, in 1 / unit of the column. A component of zeros only collapses.
 * Prior: Gamma(shape a, rate b), `prior: { a, b }`, numbers or D of them; the M-step is (N_k + a - 1) / (S + b).
 * Missing entries are left out.
 * @param options the number of columns in `independent({ ... })` (default 1 there), or `{ nFeatures, prior }`
 */
export function exponential(options?: FeatureSettings | number): ExponentialFamily {
  return exponentialFamily(definition, readSettings(options));
}
