import wgsl from '../../shaders/families/geometric.wgsl?raw';
import { betaMode, logBetaPrior, readBetaPrior, type BetaPrior } from './beta-prior.ts';
import {
  exponentialFamily,
  readSettings,
  type ExponentialFamily,
  type ExponentialFamilyDefinition,
  type FeatureSettings,
} from './exponential-family.ts';
import { COUNTS, identityStatistic } from './poisson.ts';
import { noMode } from './prior-numbers.ts';

/** p(x) = (1 - p)^x p: T = x, eta = ln(1 - p), A = -ln p, h = 1. */
const definition: ExponentialFamilyDefinition = {
  name: 'geometric',
  support: COUNTS,
  nStatistics: 1,
  nonNegative: true,
  wgsl,
  parameters: { probabilities: [] },
  neutral: [0.5],
  sufficientStatistics: identityStatistic,
  toNatural: ([p], natural) => {
    natural[0] = Math.log1p(-p);
  },
  meanToNatural: ([mean], natural) => {
    natural[0] = -Math.log1p(1 / mean);
  },
  // p = 1 is proper: all counts are 0
  logPartition: ([eta]) => -Math.log(-Math.expm1(eta)),
  naturalToMean: ([eta], mean) => {
    mean[0] = -Math.exp(eta) / Math.expm1(eta);
  },
  // N_k successes after S failures
  update({ sums, mass, prior, component, feature }, values) {
    const p = betaMode(mass, sums[0], prior as BetaPrior | undefined, component, feature);
    if (p === undefined) return false;
    if (p === 0) {
      throw noMode(
        'the probability',
        component,
        feature,
        'the density grows towards 0',
        'Use a Beta prior with a above 1, or fewer components.',
      );
    }
    values[0] = p;
    return true;
  },
  readPrior: readBetaPrior,
  logPrior: ({ probabilities }, prior) => logBetaPrior(probabilities, prior as BetaPrior),
  problem: ([p]) => (p > 0 && p <= 1 ? undefined : 'probabilities must be above 0 and at most 1'),
  mean: ([p]) => (1 - p) / p,
  draw: ([p], random) => (p === 1 ? 0 : Math.floor(Math.log(random.uniform()) / Math.log1p(-p))),
};

/**
 * Geometric counts of failures before a success, independent given the component: p(x) = (1 - p)^x p, x = 0, 1, 2, ...
 * Parameters: `probabilities`, K x D, above 0 and at most 1 (1: all counts are 0).
 * Prior: Beta(a, b), `prior: { a, b }`, numbers or D of them; the M-step is (N_k + a - 1) / (N_k + S + a + b - 2).
 * Missing entries are left out. On the GPU side counts are exact up to 2^24.
 * @param options the number of columns in `independent({ ... })` (default 1 there), or `{ nFeatures, prior }`
 */
export function geometric(options?: FeatureSettings | number): ExponentialFamily {
  return exponentialFamily(definition, readSettings(options));
}
