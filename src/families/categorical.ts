import type { Columns } from './columns.ts';
import {
  categoriesOf,
  categoryCounts,
  checkCategories,
  checkNCategories,
  mostCategories,
  type NCategories,
} from './categorical-counts.ts';
import { categoricalTwin } from './categorical-device.ts';
import { dirichletMode, logDirichletPrior, readConcentration } from './dirichlet-prior.ts';
import { readSettings, type FeatureSettings } from './exponential-family.ts';
import type { Density, Family, Parameters, Support } from './family.ts';
import { isEmpty, massTimes, weightsFromMass } from './statistics.ts';

export interface CategoricalParameters extends Parameters {
  /**
   * theta, K x D x C with C the most categories of any feature: rows of a feature sum to 1, and are 0 beyond its own
   * categories.
   */
  readonly probabilities: Float64Array;
}

/** `logConstants` is ln pi_k. */
export interface CategoricalDensity extends Density {
  /** C. */
  readonly mostCategories: number;
  /** D: how many each feature has. */
  readonly nCategories: Int32Array;
  /** ln theta, K x D x C: -Infinity where theta is 0. */
  readonly logProbabilities: Float64Array;
}

export interface CategoricalFamily extends Family<CategoricalParameters, CategoricalDensity> {
  /** How many categories each of D features has; undefined until given or found in samples. */
  categories(nFeatures: number): Int32Array | undefined;
}

/** What `categorical` takes. */
export interface CategoricalSettings extends FeatureSettings {
  /** Categories of every column, or one number a column. Default: the largest value of a column + 1. */
  readonly nCategories?: NCategories;
}

const columns: Columns<CategoricalDensity> = {
  kind: 'category',
  width: 1,
  encode(value, out, offset) {
    out[offset] = value;
  },
  tables: ({ nComponents, nFeatures, logProbabilities, nCategories }) => ({
    constants: new Float64Array(nComponents * nFeatures),
    origins: new Float64Array(0),
    slopes: new Float64Array(0),
    logProbabilities,
    nCategories,
  }),
  collect({ counts }, feature, nFeatures, sums) {
    const most = sums.length / nFeatures;
    for (let c = 0; c < counts.length; c++) sums[feature * most + c] = counts[c]!;
  },
};

function supportOf(nCategories: NCategories | undefined): Support & {
  describe(column: number): string;
} {
  const largest = (column: number): number =>
    (typeof nCategories === 'object' ? nCategories[column] : (nCategories ?? Infinity)) - 1;
  return {
    description: 'a category: a whole number from 0, below the number of categories',
    describe: (column) =>
      nCategories === undefined
        ? 'the whole numbers from 0'
        : `the whole numbers 0 to ${largest(column)}`,
    has: (value, column) => Number.isInteger(value) && value >= 0 && value <= largest(column),
    example: 0,
  };
}

/**
 * Features that take one of C_d categories, independent given the component: ln p(x | theta) = sum_d ln theta_{d, x_d} over
 * the observed entries (Murphy, Probabilistic Machine Learning, 8.3); 0 ln 0 = 0.
 * Sums of a component: counts, D x C. M-step: each feature's counts normalised, or the mode under Dirichlet(concentration).
 */
function makeCategorical(settings: CategoricalSettings): CategoricalFamily {
  const { nCategories } = settings;
  const most = nCategories === undefined ? 0 : mostCategories(nCategories);
  return {
    name: 'categorical',
    settings: { ...settings },
    coordinates: 'raw',
    missing: 'observed',
    support: supportOf(nCategories),
    categories: (nFeatures) =>
      nCategories === undefined ? undefined : categoriesOf(nCategories, nFeatures),
    parameterShapes: (nComponents, nFeatures) => ({
      probabilities: [nComponents, nFeatures, most],
    }),
    checkParameters: ({ probabilities }, nFeatures) =>
      checkCategories(probabilities, categoriesOf(nCategories, nFeatures)),
    freeParameters: (nComponents, nFeatures) =>
      nComponents * categoriesOf(nCategories, nFeatures).reduce((sum, c) => sum + c - 1, 0),
    statisticsLength: (nFeatures) => nFeatures * most,
    *resolve(samples) {
      if (nCategories === undefined) {
        return makeCategorical({ ...settings, nCategories: yield* categoryCounts(samples) });
      }
      categoriesOf(nCategories, samples.nFeatures);
      return this;
    },
    standardise: (parameters) => parameters,
    restore: (parameters) => parameters,

    density({ weights, probabilities }) {
      const nComponents = weights.length;
      const nFeatures = probabilities.length / nComponents / most;
      return {
        nComponents,
        nFeatures,
        logConstants: weights.map(Math.log),
        mostCategories: most,
        nCategories: categoriesOf(nCategories, nFeatures),
        logProbabilities: probabilities.map(Math.log),
      };
    },
    logDensity({ nFeatures, logConstants, logProbabilities }, component, sample) {
      let a = logConstants[component];
      let at = component * nFeatures * most;
      for (let d = 0; d < nFeatures; d++, at += most) {
        const category = sample[d];
        if (category === category) a += logProbabilities[at + category];
      }
      return a;
    },
    origin: () => NO_ORIGIN,
    accumulate({ nFeatures }, component, weight, sample, _residual, sums) {
      let at = component * nFeatures * most;
      for (let d = 0; d < nFeatures; d++, at += most) {
        const category = sample[d];
        if (category === category) sums[at + category] += weight;
      }
    },

    expectedStatistics({ nComponents, nFeatures }, { weights, probabilities }, mass) {
      const componentMass = weights.map((weight) => mass * weight);
      const length = nFeatures * most;
      const sums = probabilities.map((p, i) => componentMass[Math.floor(i / length)] * p);
      return { nComponents, componentMass, sums, origin: NO_ORIGIN };
    },
    expectedLogDensity({ logConstants, logProbabilities }, { componentMass, sums }) {
      let total = 0;
      componentMass.forEach((mass, k) => (total += massTimes(mass, logConstants[k])));
      sums.forEach((count, i) => (total += massTimes(count, logProbabilities[i])));
      return total;
    },

    mStep({ nComponents, componentMass, sums }, previous, { prior }) {
      const nFeatures = sums.length / nComponents / most;
      const own = categoriesOf(nCategories, nFeatures);
      const probabilities = previous.probabilities.slice();
      for (let k = 0, at = 0; k < nComponents; k++) {
        for (let d = 0; d < nFeatures; d++, at += most) {
          const counts = sums.slice(at, at + own[d]);
          // their sum is the mass of the observed entries, to the rounding that lets them sum to 1
          if (isEmpty(counts.reduce((sum, count) => sum + count, 0))) counts.fill(0);
          const mode = dirichletMode(counts, prior as Float64Array | undefined, k, d);
          if (mode) probabilities.set(mode, at);
        }
      }
      return { weights: weightsFromMass(componentMass), probabilities };
    },
    readPrior: (prior) => readConcentration(prior, most),
    logPrior({ probabilities, weights }, prior) {
      if (prior === undefined) return 0;
      const nFeatures = probabilities.length / weights.length / most;
      const own = categoriesOf(nCategories, nFeatures);
      let sum = 0;
      for (let row = 0; row * most < probabilities.length; row++) {
        const theta = probabilities.subarray(row * most, row * most + own[row % nFeatures]);
        sum += logDirichletPrior(theta, prior as Float64Array);
      }
      return sum;
    },

    categoryProbabilities({ probabilities, weights }, feature, nFeatures) {
      const table = new Float64Array(weights.length * most);
      for (let k = 0; k < weights.length; k++) {
        const at = (k * nFeatures + feature) * most;
        table.set(probabilities.subarray(at, at + most), k * most);
      }
      return table;
    },
    /** The mean category: for categories that have an order. */
    expectation({ probabilities }) {
      const means = new Float64Array(probabilities.length / most);
      probabilities.forEach((p, i) => {
        means[Math.floor(i / most)] += p * (i % most);
      });
      return means;
    },
    /** Cumulative probabilities, K x D x C. */
    prepareDraws({ probabilities }) {
      let sum = 0;
      return probabilities.map((p, i) => (sum = i % most === 0 ? p : sum + p));
    },
    draw({ weights }, cumulative, component, random, out, offset) {
      const nFeatures = cumulative.length / weights.length / most;
      for (let d = 0, at = component * nFeatures * most; d < nFeatures; d++, at += most) {
        // of the row's own sum: a category of probability 0 is never drawn
        const level = random.uniform() * cumulative[at + most - 1];
        let category = 0;
        while (category < most - 1 && cumulative[at + category] <= level) category++;
        out[offset + d] = category;
      }
    },
    neutral(nComponents, nFeatures) {
      const own = categoriesOf(nCategories, nFeatures);
      const probabilities = new Float64Array(nComponents * nFeatures * most);
      for (let row = 0; row < nComponents * nFeatures; row++) {
        const count = own[row % nFeatures];
        probabilities.fill(1 / count, row * most, row * most + count);
      }
      return { weights: new Float64Array(nComponents).fill(1 / nComponents), probabilities };
    },

    columns,
    device: (nFeatures, missing) => categoricalTwin(nFeatures, most, missing),
  };
}

const NO_ORIGIN = new Float64Array(0);

/**
 * Categorical: columns of whole numbers 0 .. C - 1, NaN or masked for missing, for
 * `Mixture.fit(samples, { family: categorical() })` and `independent({ colour: categorical(3) })`.
 * Parameters: `probabilities`, K x D x C with C the most categories of any column. Prior: Dirichlet, `{ concentration }`, a
 * number or C of them.
 * @param options how many categories each column has (`nCategories`; default: as the samples show), or
 *   `{ nCategories, nFeatures, prior }`; in `independent` it takes `nFeatures` columns, one a number in `nCategories`, or 1
 * @throws MixtureError INVALID_OPTION
 */
export function categorical(options: NCategories | CategoricalSettings = {}): CategoricalFamily {
  const given: CategoricalSettings =
    typeof options === 'number' || isList(options) ? { nCategories: options } : options;
  checkNCategories(given.nCategories);
  // (a plain array, as JSON keeps it)
  const nCategories = isList(given.nCategories) ? Array.from(given.nCategories) : given.nCategories;
  const width = Array.isArray(nCategories) ? { nFeatures: nCategories.length } : {};
  return makeCategorical(
    readSettings({ ...width, ...given, ...(nCategories && { nCategories }) }, ['nCategories']),
  );
}

const isList = (value: unknown): value is readonly number[] =>
  Array.isArray(value) || ArrayBuffer.isView(value);
