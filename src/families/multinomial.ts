import type { Steps } from '../data/pause.ts';
import wgsl from '../../shaders/families/multinomial.wgsl?raw';
import type { Samples } from '../data/samples.ts';
import { readRow } from '../data/samples.ts';
import { MixtureError } from '../errors.ts';
import { dirichletMode, logDirichletPrior, readConcentration } from './dirichlet-prior.ts';
import { drawMultinomial } from './draws.ts';
import { densityFunctions, type ExponentialDensity } from './exponential-family-density.ts';
import { exponentialTwin } from './exponential-family-device.ts';
import { readSettings, type FeatureSettings } from './exponential-family.ts';
import type { Family, Parameters } from './family.ts';
import { logFactorial } from './log-factorial.ts';
import { COUNTS, identityStatistic } from './poisson.ts';
import { isEmpty, weightsFromMass } from './statistics.ts';
import { tiltFunction, tiltOf, type Tilt } from './tilt.ts';

/** Probabilities of the D categories, K x D, rows sum to 1. */
export interface MultinomialParameters extends Parameters {
  readonly probabilities: Float64Array;
}

export interface MultinomialSettings extends FeatureSettings {
  /** Trials of a sample that `sample()` draws, and whose expectation is told; left out: the samples' mean total, rounded. */
  readonly nTrials?: number;
}

export type MultinomialFamily = Family<MultinomialParameters, ExponentialDensity>;

/** How far from 1 the probabilities of a given start may sum. */
const SUM_TOLERANCE = 1e-6;

/** Each category is a feature with T(x) = x, eta = ln theta, A = 0; only the sum of theta, 1, ties them together. */
const CATEGORY = {
  nStatistics: 1,
  sufficientStatistics: identityStatistic,
  meanToNatural: ([mean]: Float64Array, natural: Float64Array): void => {
    natural[0] = Math.log(mean);
  },
  logPartition: (): number => 0,
};

/**
 * Counts of D categories among the trials of a sample (words of a text, ...):
 * p(x) = n! / prod x_d! prod theta_d^(x_d), with n = sum x_d as it is in each sample.
 * Parameters: `probabilities`, K x D, at least 0 (0: a category that never occurs), rows sum to 1.
 * Prior: Dirichlet, `prior: { concentration }`, a number or D of them; the M-step is proportional to S_d + concentration_d - 1.
 * Missing entries are refused. On the GPU side counts are exact up to 2^24.
 * @param options `{ nTrials, nFeatures, prior }`: trials of a drawn sample (default: the mean total of the samples fitted)
 */
export function multinomial(options?: MultinomialSettings | number): MultinomialFamily {
  const settings = readSettings(options, ['nTrials']);
  const { nTrials } = settings;
  if (nTrials !== undefined && !(Number.isSafeInteger(nTrials) && nTrials >= 0)) {
    throw new MixtureError(
      'INVALID_OPTION',
      `nTrials must be a whole number from 0; it is ${nTrials}.`,
      'Leave it out for the mean total of the samples.',
      { option: 'nTrials' },
    );
  }
  return withTilt(settings, undefined);
}

function withTilt(settings: MultinomialSettings, tilt: Tilt | undefined): MultinomialFamily {
  const tilted = tilt && tiltFunction(CATEGORY, tilt);
  return {
    name: 'multinomial',
    settings: { ...settings },
    coordinates: 'raw',
    missing: 'refused',
    support: COUNTS,
    parameterShapes: (nComponents, nFeatures) => ({ probabilities: [nComponents, nFeatures] }),
    checkParameters,
    freeParameters: (nComponents, nFeatures) => nComponents * (nFeatures - 1),
    statisticsLength: (nFeatures) => nFeatures,
    resolve: (samples) => resolve(settings, samples),
    standardise: (parameters) => parameters,
    restore: (parameters) => parameters,
    density: (parameters) => density(parameters, settings, tilt),
    ...densityFunctions(identityStatistic, 1),
    logBaseMeasure(sample) {
      let total = 0;
      let sum = tilted ? tilted(sample) : 0;
      for (const x of sample) {
        total += x;
        sum -= logFactorial(x);
      }
      return sum + logFactorial(total);
    },
    origin: () => new Float64Array(0),

    mStep({ nComponents, componentMass, sums }, previous, { prior }) {
      const nFeatures = sums.length / nComponents;
      const probabilities = previous.probabilities.slice();
      for (let k = 0; k < nComponents; k++) {
        const empty = isEmpty(componentMass[k]);
        if (empty && prior === undefined) continue;
        const counts = empty
          ? new Float64Array(nFeatures)
          : sums.subarray(k * nFeatures, (k + 1) * nFeatures);
        const mode = dirichletMode(counts, prior as Float64Array | undefined, k);
        if (mode) probabilities.set(mode, k * nFeatures);
      }
      return { weights: weightsFromMass(componentMass), probabilities };
    },
    readPrior: (prior, { nFeatures }) =>
      readConcentration(
        typeof prior === 'string' ? prior : { ...settings.prior, ...prior },
        nFeatures,
      ),
    logPrior({ weights, probabilities }, prior) {
      if (prior === undefined) return 0;
      const concentration = prior as Float64Array;
      const nFeatures = probabilities.length / weights.length;
      return weights.reduce(
        (sum, _, k) =>
          sum +
          logDirichletPrior(
            probabilities.subarray(k * nFeatures, (k + 1) * nFeatures),
            concentration,
          ),
        0,
      );
    },

    expectation: ({ probabilities }) => {
      const trials = trialsOf(settings);
      return probabilities.map((p) => trials * p);
    },
    prepareDraws: () => Float64Array.of(trialsOf(settings)),
    draw({ weights, probabilities }, [trials], component, random, out, offset) {
      const nFeatures = probabilities.length / weights.length;
      const at = component * nFeatures;
      const theta = probabilities.subarray(at, at + nFeatures);
      drawMultinomial(trials, theta, random, out, offset);
    },
    neutral: (nComponents, nFeatures) => ({
      weights: new Float64Array(nComponents).fill(1 / nComponents),
      probabilities: new Float64Array(nComponents * nFeatures).fill(1 / nFeatures),
    }),
    device: (nFeatures, missing) =>
      exponentialTwin(
        { name: 'multinomial', wgsl, nStatistics: 1, example: 0, nonNegative: true },
        nFeatures,
        missing,
      ),
  };
}

function* resolve(settings: MultinomialSettings, samples: Samples): Steps<MultinomialFamily> {
  const { nSamples, nFeatures } = samples;
  if (settings.nFeatures !== undefined && settings.nFeatures !== nFeatures) {
    throw new MixtureError(
      'INVALID_OPTION',
      `The multinomial was made for ${settings.nFeatures} features, but the samples have ${nFeatures}.`,
      'Leave nFeatures out.',
      { option: 'nFeatures', nFeatures, expected: settings.nFeatures },
    );
  }
  const row = new Float64Array(nFeatures);
  let total = 0;
  for (let n = 0; n < nSamples; n++) {
    readRow(samples, n, row);
    for (const x of row) total += x;
    yield;
  }
  // the tilt's members are counts' shares, as the components' are
  const shares = {
    ...CATEGORY,
    meanToNatural: ([mean]: Float64Array, natural: Float64Array): void => {
      natural[0] = Math.log((mean * nSamples) / total);
    },
  };
  const mean = total / nSamples;
  const nTrials = settings.nTrials ?? (Number.isFinite(mean) ? Math.round(mean) : undefined);
  return withTilt(
    nTrials === undefined ? settings : { ...settings, nTrials },
    yield* tiltOf(shares, samples),
  );
}

function trialsOf({ nTrials }: MultinomialSettings): number {
  if (nTrials !== undefined) return nTrials;
  throw new MixtureError(
    'INVALID_OPTION',
    'How many trials a sample has was not given.',
    'Use multinomial({ nTrials }).',
    { option: 'nTrials' },
  );
}

function checkParameters(
  { weights, probabilities }: MultinomialParameters,
  nFeatures: number,
): string | undefined {
  for (let k = 0; k < weights.length; k++) {
    const row = probabilities.subarray(k * nFeatures, (k + 1) * nFeatures);
    const bad = row.findIndex((p) => !(p >= 0 && p <= 1));
    if (bad >= 0) {
      return `probabilities must be from 0 to 1, but that of component ${k}, feature ${bad} is ${row[bad]}`;
    }
    const sum = row.reduce((total, p) => total + p, 0);
    if (Math.abs(sum - 1) > SUM_TOLERANCE) {
      return `probabilities of a component must sum to 1, but those of component ${k} sum to ${sum}`;
    }
  }
  return undefined;
}

function density(
  { weights, probabilities }: MultinomialParameters,
  { nTrials = 1 }: MultinomialSettings,
  tilt: Tilt | undefined,
): ExponentialDensity {
  const nComponents = weights.length;
  const nFeatures = probabilities.length / nComponents;
  return {
    nComponents,
    nFeatures,
    nStatistics: 1,
    logConstants: weights.map(Math.log),
    natural: probabilities.map((p, i) => Math.log(p) - (tilt ? tilt.natural[i % nFeatures] : 0)),
    logPartitions: new Float64Array(probabilities.length),
    means: probabilities.map((p) => p * nTrials),
  };
}
