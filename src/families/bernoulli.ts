import { betaMode, logBetaPrior, readBetaPrior, type BetaPrior } from './beta-prior.ts';
import { bernoulliTwin } from './bernoulli-device.ts';
import {
  bernoulliDensity,
  completeLogDensity,
  listedLogDensity,
  listFeatures,
  observedLogDensity,
  type BernoulliDensity,
  type BernoulliParameters,
} from './bernoulli-density.ts';
import type { Columns } from './columns.ts';
import { readSettings, type FeatureSettings } from './exponential-family.ts';
import type { Family, PriorProblem } from './family.ts';
import { isEmpty, observedMass, weightsFromMass } from './statistics.ts';

export type { BernoulliDensity, BernoulliParameters };

export interface BernoulliFamily extends Family<BernoulliParameters, BernoulliDensity> {
  /**
   * Lists once what `logDensity` and `accumulate` of all components then go through: in a binarised digit an eighth of the
   * features. Whoever calls it does so for every sample; without it both look at all features.
   */
  prepareSample(density: BernoulliDensity, sample: Float64Array): void;
}

/** Both tables of one feature side by side: category 0, category 1. */
const columns: Columns<BernoulliDensity> = {
  kind: 'category',
  width: 1,
  encode(value, out, offset) {
    out[offset] = value;
  },
  tables({ nComponents, nFeatures, logProbabilities, logComplements }) {
    const both = new Float64Array(2 * logProbabilities.length);
    logProbabilities.forEach((logProbability, i) => {
      both[2 * i] = logComplements[i];
      both[2 * i + 1] = logProbability;
    });
    return {
      constants: new Float64Array(nComponents * nFeatures),
      origins: new Float64Array(0),
      slopes: new Float64Array(0),
      logProbabilities: both,
      nCategories: new Int32Array(nFeatures).fill(2),
    };
  },
  collect({ counts }, feature, _nFeatures, sums) {
    sums[feature] = counts[1]!;
  },
};

/**
 * Binary features, independent given the component: ln p(x | theta) = sum_d x_d ln theta_d + (1 - x_d) ln(1 - theta_d)
 * (Bishop, PRML, 9.3.3), over the observed entries; 0 ln 0 = 0, so that theta may be 0 or 1.
 * Sums of a component: sum gamma x (D). M-step: S / N, or the mode under Beta(a, b), both over the observed entries.
 */
const family: BernoulliFamily = {
  name: 'bernoulli',
  settings: {},
  coordinates: 'raw',
  missing: 'observed',
  support: {
    description: '0 and 1',
    has: (value) => value === 0 || value === 1,
    example: 0,
  },
  parameterShapes: (nComponents, nFeatures) => ({ probabilities: [nComponents, nFeatures] }),
  checkParameters({ probabilities }, nFeatures) {
    const wrong = probabilities.findIndex((p) => !(p >= 0 && p <= 1));
    if (wrong < 0) return undefined;
    const [k, d] = [Math.floor(wrong / nFeatures), wrong % nFeatures];
    return `probabilities must be between 0 and 1, but that of component ${k}, feature ${d} is ${probabilities[wrong]}`;
  },
  freeParameters: (nComponents, nFeatures) => nComponents * nFeatures,
  statisticsLength: (nFeatures) => nFeatures,
  standardise: (parameters) => parameters,
  restore: (parameters) => parameters,

  density: bernoulliDensity,
  prepareSample: listFeatures,
  logDensity(density, component, sample) {
    if (density.latest.sample === sample) return listedLogDensity(density, component);
    const a = completeLogDensity(density, component, sample);
    // NaN: an entry is missing
    return a === a ? a : observedLogDensity(density, component, sample);
  },
  origin: () => NO_ORIGIN,
  accumulate({ nFeatures, latest }, component, weight, sample, _residual, sums) {
    const at = component * nFeatures;
    if (latest.sample === sample) {
      const { ones, nOnes } = latest;
      for (let i = 0; i < nOnes; i++) sums[at + ones[i]] += weight;
      return;
    }
    for (let d = 0; d < nFeatures; d++) {
      const weighted = weight * sample[d];
      if (weighted === weighted) sums[at + d] += weighted;
    }
  },

  mStep(statistics, previous, { prior }) {
    const { nComponents, componentMass, sums } = statistics;
    const nFeatures = sums.length / nComponents;
    const probabilities = new Float64Array(sums.length);
    for (let k = 0, i = 0; k < nComponents; k++) {
      for (let d = 0; d < nFeatures; d++, i++) {
        const mass = observedMass(statistics, k, d, nFeatures);
        const seen = isEmpty(mass) ? 0 : mass;
        // float32 sums may pass their mass by a rounding
        const ones = Math.min(sums[i], seen);
        const mode = betaMode(ones, seen - ones, prior as BetaPrior | undefined, k, d);
        probabilities[i] = mode ?? previous.probabilities[i];
      }
    }
    return { weights: weightsFromMass(componentMass), probabilities };
  },
  readPrior: (prior, { nFeatures }: PriorProblem) => readBetaPrior(prior, nFeatures),
  logPrior: ({ probabilities }, prior) =>
    prior === undefined ? 0 : logBetaPrior(probabilities, prior as BetaPrior),

  expectation: ({ probabilities }) => probabilities,
  prepareDraws: ({ probabilities }) => probabilities,
  draw({ weights }, probabilities, component, random, out, offset) {
    const nFeatures = probabilities.length / weights.length;
    for (let d = 0, i = component * nFeatures; d < nFeatures; d++, i++) {
      // uniform() is within (0, 1): probabilities of 0 and 1 are certain
      out[offset + d] = random.uniform() < probabilities[i] ? 1 : 0;
    }
  },
  neutral: (nComponents, nFeatures) => ({
    weights: new Float64Array(nComponents).fill(1 / nComponents),
    probabilities: new Float64Array(nComponents * nFeatures).fill(0.5),
  }),

  columns,
  device: bernoulliTwin,
};

const NO_ORIGIN = new Float64Array(0);

/**
 * Bernoulli: binary columns (0, 1, NaN or masked for missing), for `Mixture.fit(samples, { family: bernoulli() })` and
 * `independent({ clicked: bernoulli(4) })`. Parameters: `probabilities` of a 1, K x D. Prior: Beta(a, b), `{ a, b }`.
 * @param options how many columns it takes in `independent` (default 1; elsewhere all), or `{ nFeatures, prior }`
 * @throws MixtureError INVALID_OPTION
 */
export function bernoulli(options?: number | FeatureSettings): BernoulliFamily {
  return { ...family, settings: { ...readSettings(options) } };
}
