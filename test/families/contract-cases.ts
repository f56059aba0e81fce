import {
  bernoulli,
  categorical,
  defineFamily,
  exponential,
  gaussian,
  geometric,
  independent,
  multinomial,
  poisson,
  type Family,
} from '../../src/index.ts';
import { compositions, halfLine, line, product, whole, type Axis } from './domains.ts';

/** How the numbers of an array are tied: rows that sum to 1, symmetric matrices, or given once and for all. */
export type Constraint = 'simplex' | 'symmetric' | 'fixed';

/** What the contract asks about a family: everything else follows from `Family` itself. */
export interface ContractCase {
  readonly name: string;
  readonly family: Family;
  readonly nFeatures: number;
  /** A typical mixture of two components that lie apart, `weights` among the arrays, in the user's units. */
  readonly parameters: Readonly<Record<string, readonly number[]>>;
  readonly constraints?: Readonly<Record<string, Constraint>>;
  /** Samples and weights that sum a density over the support. */
  readonly domain: () => Iterable<[sample: Float64Array, weight: number]>;
  /** The option `prior` of a fit. */
  readonly priors: readonly (Readonly<Record<string, unknown>> | 'mclust')[];
  /** A number outside the support of column 0; left out where every finite number is inside. */
  readonly outside?: number;
  /** Families that are the user's own: a saved model holds their names only. */
  readonly own?: readonly Family[];
}

const over =
  (...axes: Axis[]): ContractCase['domain'] =>
  () =>
    product(axes);

/** Two clusters ten units of the first column apart, at an offset of 100 in the second. */
const plane = over(line(-10, 20, 0.25), line(88, 114, 0.25));
const weights = [0.4, 0.6];
const means = [0, 100, 10, 101];
const planar = { nFeatures: 2, domain: plane };
const symmetric = { constraints: { covariances: 'symmetric' } } as const;
const matrixPrior = { kappa: 0.5, mean: [4, 99], dof: 5, scale: [2, 0.3, 0.3, 1] };
const variancePrior = { alpha: 3, kappa: 0.5, mean: [4, 99], dof: 5, scale: 1.5 };

/** p(x) = x / sigma^2 exp(-x^2 / 2 sigma^2). */
const rayleigh = defineFamily({
  name: 'rayleigh',
  support: { kind: 'interval', from: 0, to: Infinity },
  neutral: [-0.5],
  sufficientStatistics: (x) => [x * x],
  logPartition: ([eta]) => -Math.log(-2 * eta),
  logBaseMeasure: (x) => Math.log(x),
  meanToNatural: ([mean]) => [-1 / mean],
  naturalToMean: ([eta]) => [-1 / eta],
  wgsl: 'fn sufficient_statistics(x: f32) -> array<f32, 1> { return array<f32, 1>(x * x); }',
  parameters: {
    names: ['sigmas'],
    fromNatural: ([eta]) => [Math.sqrt(-0.5 / eta)],
    toNatural: ([sigma]) => [-0.5 / (sigma * sigma)],
  },
  sample: ([eta], random) => Math.sqrt(Math.log(random.uniform()) / eta),
  mean: ([eta]) => Math.sqrt(-Math.PI / 4 / eta),
});

/** Every family of the registry, the library's own and one of a user's. A new family is one more entry. */
export const CASES: readonly ContractCase[] = [
  {
    name: 'gaussian full',
    family: gaussian({ covarianceType: 'full' }),
    ...planar,
    ...symmetric,
    parameters: { weights, means, covariances: [1, 0.5, 0.5, 2, 1.5, -0.4, -0.4, 0.8] },
    priors: [{ alpha: 2 }, { ...matrixPrior, alpha: 1.5 }, 'mclust'],
  },
  {
    name: 'gaussian tied',
    family: gaussian({ covarianceType: 'tied' }),
    ...planar,
    ...symmetric,
    parameters: { weights, means, covariances: [1, 0.5, 0.5, 2] },
    priors: [matrixPrior, 'mclust'],
  },
  {
    name: 'gaussian diag',
    family: gaussian({ covarianceType: 'diag' }),
    ...planar,
    parameters: { weights, means, covariances: [1, 2, 1.5, 0.8] },
    priors: [variancePrior, 'mclust'],
  },
  {
    name: 'gaussian spherical',
    family: gaussian({ covarianceType: 'spherical' }),
    ...planar,
    parameters: { weights, means, covariances: [1, 1.7] },
    priors: [variancePrior, 'mclust'],
  },
  {
    name: 'gaussian tied-diag',
    family: gaussian({ covarianceType: 'tied-diag' }),
    ...planar,
    parameters: { weights, means, covariances: [1, 1.7] },
    priors: [variancePrior, 'mclust'],
  },
  {
    name: 'gaussian tied-spherical',
    family: gaussian({ covarianceType: 'tied-spherical' }),
    ...planar,
    parameters: { weights, means, covariances: [1.3] },
    priors: [variancePrior, 'mclust'],
  },
  {
    name: 'gaussian fixed, identity',
    family: gaussian({ covarianceType: 'fixed' }),
    ...planar,
    constraints: { covariances: 'fixed' },
    parameters: { weights, means, covariances: [1, 0, 0, 1] },
    priors: [{ kappa: 2, mean: [4, 99] }],
  },
  {
    name: 'gaussian fixed, given',
    family: gaussian({ covarianceType: 'fixed', fixedCovariance: [1, 0.5, 0.5, 2] }),
    ...planar,
    constraints: { covariances: 'fixed' },
    parameters: { weights, means, covariances: [1, 0.5, 0.5, 2] },
    priors: [{ kappa: 2, mean: [4, 99] }],
  },
  {
    name: 'bernoulli',
    family: bernoulli(),
    nFeatures: 6,
    parameters: {
      weights,
      probabilities: [0.9, 0.8, 0.85, 0.2, 0.1, 0.9, 0.1, 0.3, 0.2, 0.9, 0.8, 0.15],
    },
    domain: over(...Array.from({ length: 6 }, () => whole(1))),
    priors: [
      { alpha: 2, a: 2, b: 3 },
      { a: [2, 1.5, 2, 1, 1, 4], b: 1.5 },
    ],
    outside: 0.5,
  },
  {
    name: 'categorical',
    family: categorical([3, 2, 4]),
    nFeatures: 3,
    constraints: { probabilities: 'simplex' },
    parameters: {
      weights,
      probabilities: [
        [0.8, 0.1, 0.1, 0, 0.9, 0.1, 0, 0, 0.7, 0.1, 0.1, 0.1],
        [0.1, 0.2, 0.7, 0, 0.2, 0.8, 0, 0, 0.05, 0.15, 0.2, 0.6],
      ].flat(),
    },
    domain: over(whole(2), whole(1), whole(3)),
    priors: [{ alpha: 2, concentration: 1.5 }, { concentration: [2, 3, 1.5, 4] }],
    outside: 3,
  },
  {
    name: 'multinomial',
    family: multinomial({ nTrials: 12 }),
    nFeatures: 3,
    constraints: { probabilities: 'simplex' },
    parameters: { weights, probabilities: [0.7, 0.2, 0.1, 0.1, 0.3, 0.6] },
    domain: () => compositions(12, 3),
    priors: [{ alpha: 2, concentration: 1.5 }, { concentration: [2, 3, 1.5] }],
    outside: -1,
  },
  {
    name: 'poisson',
    family: poisson(),
    nFeatures: 2,
    parameters: { weights, rates: [2, 15, 9, 4] },
    domain: over(whole(60), whole(80)),
    priors: [
      { alpha: 2, a: 3, b: 0.5 },
      { a: [2, 1.5], b: [1, 2] },
    ],
    outside: 1.5,
  },
  {
    name: 'exponential',
    family: exponential(),
    nFeatures: 2,
    parameters: { weights, rates: [0.2, 8, 5, 0.5] },
    domain: over(halfLine(), halfLine()),
    priors: [
      { alpha: 2, a: 3, b: 0.5 },
      { a: [2, 1.5], b: [1, 2] },
    ],
    outside: -0.5,
  },
  {
    name: 'geometric',
    family: geometric(),
    nFeatures: 2,
    parameters: { weights, probabilities: [0.1, 0.8, 0.7, 0.2] },
    domain: over(whole(300), whole(200)),
    priors: [
      { alpha: 2, a: 2, b: 3 },
      { a: [2, 1.5], b: 1.5 },
    ],
    outside: -1,
  },
  {
    name: 'independent, of five kinds',
    family: independent({
      visits: poisson({ prior: { a: 2, b: 0.5 } }),
      member: bernoulli(),
      colour: categorical(3),
      score: gaussian({ covarianceType: 'diag', prior: { kappa: 0.5 } }),
      wait: exponential(),
    }),
    nFeatures: 5,
    constraints: { 'colour.probabilities': 'simplex' },
    parameters: {
      weights,
      'visits.rates': [2, 6],
      'member.probabilities': [0.2, 0.7],
      'colour.probabilities': [0.6, 0.3, 0.1, 0.1, 0.2, 0.7],
      'score.means': [1000, 1005],
      'score.covariances': [1, 2],
      'wait.rates': [0.5, 4],
    },
    domain: over(whole(30), whole(1), whole(2), line(992, 1016, 0.4), halfLine(-26, 5)),
    // (the blocks' own priors are there without any)
    priors: [{ alpha: 2 }],
    outside: 1.5,
  },
  {
    name: 'independent, one block with covariances',
    family: independent({
      place: gaussian({ covarianceType: 'full', nFeatures: 2 }),
      visits: poisson(),
    }),
    nFeatures: 3,
    constraints: { 'place.covariances': 'symmetric' },
    parameters: {
      weights,
      'place.means': means,
      'place.covariances': [1, 0.5, 0.5, 2, 1.5, -0.4, -0.4, 0.8],
      'visits.rates': [2, 6],
    },
    domain: over(line(-10, 20, 0.5), line(88, 114, 0.5), whole(32)),
    priors: [{ alpha: 2 }],
  },
  {
    name: 'rayleigh, the user’s own',
    family: rayleigh,
    nFeatures: 2,
    parameters: { weights, sigmas: [1, 5, 6, 0.8] },
    domain: over(halfLine(-16, 4, 0.15), halfLine(-16, 4, 0.15)),
    own: [rayleigh],
    priors: [{ alpha: 2, statistics: [3], strength: 4 }],
    outside: -2,
  },
  {
    name: 'independent, with a block of the user’s own',
    family: independent({ distance: rayleigh, flag: bernoulli() }),
    nFeatures: 2,
    parameters: {
      weights,
      'distance.sigmas': [1, 6],
      'flag.probabilities': [0.2, 0.7],
    },
    domain: over(halfLine(-16, 4, 0.1), whole(1)),
    own: [rayleigh],
    priors: [{ alpha: 2 }],
    outside: -2,
  },
];
