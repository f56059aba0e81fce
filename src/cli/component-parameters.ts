import type { CategoricalMixture, FittedMixture, GaussianMixture } from '../index.ts';
import type { CsvSamples } from '../io/csv.ts';
import type { FamilyName } from './families.ts';
import { significant } from './text.ts';

type Value = (component: number, feature: number) => number;

/** What is shown of each component and feature. */
export interface ComponentParameters {
  /** One a cell. */
  readonly headers: readonly string[];
  /** One a feature. */
  readonly names: readonly string[];
  readonly cells: (component: number, feature: number) => string[];
  /** In a word, where room is scarce. */
  readonly brief: (component: number, feature: number) => string;
  /** How far the component is from the average of all, in this feature. */
  readonly distance: Value;
}

export function describeComponents(
  family: FamilyName,
  mixture: FittedMixture,
  { columnNames, categories }: Pick<CsvSamples, 'columnNames' | 'categories'>,
): ComponentParameters {
  const { nFeatures } = mixture;
  const array = (name: string): Value => {
    const values = mixture.parameters[name];
    return (k, d) => values[k * nFeatures + d];
  };
  const describe = (columns: Readonly<Record<string, Value>>, unit: (mean: number) => number) =>
    withValues(mixture, columnNames, columns, unit);
  switch (family) {
    case 'gaussian':
      return gaussian(mixture as GaussianMixture, columnNames);
    case 'categorical':
      return categorical(mixture as CategoricalMixture, columnNames, categories);
    case 'bernoulli': {
      const names = columnNames.map((name, d) =>
        categories[d] ? `${name}=${categories[d][1]}` : name,
      );
      const described = describe({ 'probability of 1': array('probabilities') }, () => 1);
      return {
        ...described,
        names,
        headers: categories.some(Boolean) ? ['probability'] : described.headers,
      };
    }
    case 'multinomial':
      return describe({ share: array('probabilities') }, () => 1);
    case 'poisson':
      return describe({ rate: array('rates') }, (mean) => Math.sqrt(mean));
    case 'exponential': {
      const rate = array('rates');
      return describe({ mean: (k, d) => 1 / rate(k, d), rate }, (mean) => mean);
    }
    case 'geometric': {
      const p = array('probabilities');
      return describe({ mean: (k, d) => (1 - p(k, d)) / p(k, d), probability: p }, (mean) =>
        Math.sqrt(mean * (1 + mean)),
      );
    }
  }
}

/** @param unit the spread that differences of the first column are measured in, given its average */
function withValues(
  { nFeatures, weights }: FittedMixture,
  names: readonly string[],
  columns: Readonly<Record<string, Value>>,
  unit: (mean: number) => number,
): ComponentParameters {
  const values = Object.values(columns);
  const [first] = values;
  const averages = averagesOf(weights, nFeatures, first);
  return {
    headers: Object.keys(columns),
    names,
    cells: (k, d) => values.map((value) => significant(value(k, d))),
    brief: (k, d) => short(first(k, d)),
    distance: (k, d) => Math.abs(first(k, d) - averages[d]) / (unit(averages[d]) || 1),
  };
}

const short = (value: number): string => String(Number(value.toPrecision(3)));

function averagesOf(weights: Float64Array, nFeatures: number, value: Value): number[] {
  return Array.from({ length: nFeatures }, (_, d) =>
    weights.reduce((sum, weight, k) => sum + weight * value(k, d), 0),
  );
}

function gaussian(mixture: GaussianMixture, names: readonly string[]): ComponentParameters {
  const { nFeatures, weights, means } = mixture;
  const mean: Value = (k, d) => means[k * nFeatures + d];
  const deviation: Value = (k, d) => Math.sqrt(varianceOf(mixture, k, d));
  const averages = averagesOf(weights, nFeatures, mean);
  return {
    headers: ['mean', 'standard deviation'],
    names,
    cells: (k, d) => [significant(mean(k, d)), significant(deviation(k, d))],
    brief: (k, d) => short(mean(k, d)),
    distance: (k, d) => Math.abs(mean(k, d) - averages[d]) / deviation(k, d),
  };
}

function varianceOf(mixture: GaussianMixture, component: number, feature: number): number {
  const { covarianceType, covariances, nFeatures } = mixture;
  switch (covarianceType) {
    case 'full':
      return covariances[(component * nFeatures + feature) * nFeatures + feature];
    case 'tied':
    case 'fixed':
      return covariances[feature * nFeatures + feature];
    case 'diag':
      return covariances[component * nFeatures + feature];
    case 'spherical':
      return covariances[component];
    case 'tied-diag':
      return covariances[feature];
    case 'tied-spherical':
      return covariances[0];
  }
}

/** Of many categories the likeliest are shown. */
const SHOWN_CATEGORIES = 4;

function categorical(
  { probabilities, nCategories, nFeatures, weights }: CategoricalMixture,
  names: readonly string[],
  categories: CsvSamples['categories'],
): ComponentParameters {
  const most = nCategories.reduce((a, b) => Math.max(a, b), 0);
  const row = (k: number, d: number): Float64Array => {
    const start = (k * nFeatures + d) * most;
    return probabilities.subarray(start, start + nCategories[d]);
  };
  const averages = names.map((_, d) =>
    Array.from(row(0, d), (_p, c) => weights.reduce((sum, w, k) => sum + w * row(k, d)[c], 0)),
  );
  return {
    headers: ['categories'],
    names,
    cells(k, d) {
      const own = row(k, d);
      const shown = [...own.keys()].toSorted((i, j) => own[j] - own[i]).slice(0, SHOWN_CATEGORIES);
      const texts = shown
        .filter((c) => own[c] >= 0.0005)
        .map((c) => `${categories[d]?.[c] ?? c} ${own[c].toFixed(3)}`);
      const others = own.filter((p) => p >= 0.0005).length - texts.length;
      return [texts.join(', ') + (others > 0 ? `, ${others} more` : '')];
    },
    brief(k, d) {
      const own = row(k, d);
      const likeliest = own.indexOf(Math.max(...own));
      return `${categories[d]?.[likeliest] ?? likeliest} (${short(own[likeliest])})`;
    },
    // total variation
    distance: (k, d) => row(k, d).reduce((sum, p, c) => sum + Math.abs(p - averages[d][c]), 0) / 2,
  };
}
