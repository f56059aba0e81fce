import { betaMode, logBetaPrior, readBetaPrior, type BetaPrior } from './beta-prior.ts';
import { bernoulliTwin } from './bernoulli-device.ts';
import {
  bernoulliDensity,
  listedLogDensity,
  listFeatures,
  observedLogDensity,
  type BernoulliDensity,
  type BernoulliParameters,
} from './bernoulli-density.ts';
import type { Columns } from './columns.ts';
import { readSettings, type FeatureSettings } from './exponential-family.ts';
import type { Family, PriorProblem } from './family.ts';
import {
  isEmpty,
  massTimes,
  observedMass,
  weightsFromMass,
  zeroStatistics,
  type Statistics,
} from './statistics.ts';

export type { BernoulliDensity, BernoulliParameters };

export interface BernoulliFamily extends Family<BernoulliParameters, BernoulliDensity> {
  /**
   * Lists the features that are 1: in a binarised digit an eighth of them. Without it, `logDensity` and `accumulate` look at
   * all of them under each component.
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
  collect({ counts }, feature, nFeatures, sums) {
    sums[feature] = counts[1]!;
    sums[nFeatures + feature] = counts[0]!;
  },
};

/**
 * Binary features, independent given the component: ln p(x | theta) = sum_d x_d ln theta_d + (1 - x_d) ln(1 - theta_d)
 * (Bishop, PRML, 9.3.3), over the observed entries; 0 ln 0 = 0, so that theta may be 0 or 1.
 * Sums of a component: sum gamma x (D), then sum gamma (1 - x) (D), the latter where `origin`, the more probable value, is 1:
 * elsewhere it is what the first leaves of the observed mass. So the rarer value is always counted, never a difference.
 * M-step: the ones' share of both, or the mode under Beta(a, b).
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
  statisticsLength: (nFeatures) => 2 * nFeatures,
  standardise: (parameters) => parameters,
  restore: (parameters) => parameters,

  density: bernoulliDensity,
  prepareSample: listFeatures,
  logDensity: (density, component, sample) =>
    density.latest.sample === sample
      ? listedLogDensity(density, component)
      : observedLogDensity(density, component, sample),
  origin: ({ modes }) => modes,
  accumulate({ nFeatures, latest, likely }, component, weight, sample, _residual, sums) {
    const ones = component * 2 * nFeatures;
    const zeros = ones + nFeatures;
    if (latest.sample === sample) {
      const { ones: features, nOnes } = latest;
      for (let i = 0; i < nOnes; i++) sums[ones + features[i]] += weight;
    } else {
      for (let d = 0; d < nFeatures; d++) if (sample[d] === 1) sums[ones + d] += weight;
    }
    const ofOnes = likely[component];
    for (let i = 0; i < ofOnes.length; i++) {
      if (sample[ofOnes[i]] === 0) sums[zeros + ofOnes[i]] += weight;
    }
  },

  recentre: aboutModes,
  expectedStatistics({ nComponents, nFeatures, modes }, { weights, probabilities }, mass) {
    const statistics = zeroStatistics(nComponents, 2 * nFeatures, modes);
    probabilities.forEach((p, i) => {
      const k = Math.floor(i / nFeatures);
      const ones = i + k * nFeatures;
      statistics.componentMass[k] = mass * weights[k];
      statistics.sums[ones] = mass * weights[k] * p;
      if (modes[i] === 1) statistics.sums[ones + nFeatures] = mass * weights[k] * (1 - p);
    });
    return statistics;
  },
  expectedLogDensity(density, statistics) {
    const { logConstants, logProbabilities, logComplements, nFeatures } = density;
    const { componentMass, sums, origin: modes } = statistics;
    let total = 0;
    componentMass.forEach((mass, k) => (total += massTimes(mass, logConstants[k])));
    modes.forEach((mode, i) => {
      const k = Math.floor(i / nFeatures);
      const ones = sums[i + k * nFeatures];
      const seen = observedMass(statistics, k, i % nFeatures, nFeatures);
      const zeros = mode === 1 ? sums[i + (k + 1) * nFeatures] : Math.max(0, seen - ones);
      total += massTimes(ones, logProbabilities[i]) + massTimes(zeros, logComplements[i]);
    });
    return total;
  },

  mStep(statistics, previous, { prior }) {
    const { nComponents, componentMass, sums, origin: modes } = statistics;
    const nFeatures = modes.length / nComponents;
    const probabilities = previous.probabilities.slice();
    const complements = previous.complements?.slice() ?? probabilities.map((p) => 1 - p);
    const beta = prior as BetaPrior | undefined;
    const mirrored = beta && { a: beta.b, b: beta.a };
    for (let k = 0, i = 0; k < nComponents; k++) {
      for (let d = 0; d < nFeatures; d++, i++) {
        const mass = observedMass(statistics, k, d, nFeatures);
        const seen = isEmpty(mass) ? 0 : mass;
        // (float32 sums may pass their mass by a rounding)
        const ones = Math.min(sums[2 * k * nFeatures + d], seen);
        const zeros =
          modes[i] === 1 ? Math.min(sums[(2 * k + 1) * nFeatures + d], seen) : seen - ones;
        const mode = betaMode(ones, zeros, beta, k, d);
        if (mode === undefined) continue;
        probabilities[i] = mode;
        complements[i] = betaMode(zeros, ones, mirrored, k, d)!;
      }
    }
    return { weights: weightsFromMass(componentMass), probabilities, complements };
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
  threads: 'bits',
  device: bernoulliTwin,
};

/**
 * The sums about other modes: zeros are counted where a mode becomes 1 (there they are half of the entries or nearly, so that the
 * difference keeps its digits), and no longer where it becomes 0.
 */
function aboutModes(statistics: Statistics, modes: Float64Array): Statistics {
  const { nComponents, origin } = statistics;
  const nFeatures = modes.length / nComponents;
  const sums = statistics.sums.slice();
  modes.forEach((mode, i) => {
    if (mode === origin[i]) return;
    const k = Math.floor(i / nFeatures);
    const ones = i + k * nFeatures;
    const seen = observedMass(statistics, k, i % nFeatures, nFeatures);
    sums[ones + nFeatures] = mode === 1 ? Math.max(0, seen - sums[ones]) : 0;
  });
  return { ...statistics, sums, origin: modes };
}

/**
 * Bernoulli: binary columns (0, 1, NaN or masked for missing), for `Mixture.fit(samples, { family: bernoulli() })` and
 * `independent({ clicked: bernoulli(4) })`. Parameters: `probabilities` of a 1, K x D. Prior: Beta(a, b), `{ a, b }`.
 * @param options how many columns it takes in `independent` (default 1; elsewhere all), or `{ nFeatures, prior }`
 * @throws MixtureError INVALID_OPTION
 */
export function bernoulli(options?: number | FeatureSettings): BernoulliFamily {
  return { ...family, settings: { ...readSettings(options) } };
}
