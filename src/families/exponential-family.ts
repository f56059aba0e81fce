import { MixtureError } from '../errors.ts';
import type { Random } from '../data/random.ts';
import { exponentialColumns } from './exponential-family-columns.ts';
import {
  densityFunctions,
  type ExponentialDensity,
  type SufficientStatistics,
} from './exponential-family-density.ts';
import { exponentialTwin } from './exponential-family-device.ts';
import type { Family, Parameters, Prior, Support } from './family.ts';
import type { PriorOption } from './prior-numbers.ts';
import { isEmpty, observedMass, weightsFromMass } from './statistics.ts';
import { tiltFunction, tiltOf, type Tilt } from './tilt.ts';

/**
 * One feature of one component, ln p(x) = eta . T(x) - A(eta) + ln h(x): what a family of independent features is made from.
 * `values` are its parameters in the field's terms, in the order of `parameters`.
 */
export interface ExponentialFamilyDefinition {
  readonly name: string;
  /** Where it is not `name`: kernels of one name have one text. */
  readonly kernelName?: string;
  readonly support: Support;
  /** S, the length of T(x). */
  readonly nStatistics: number;
  /** Whether T is never below 0. */
  readonly nonNegative: boolean;
  /** Declares `fn sufficient_statistics(x: f32) -> array<f32, STATISTICS>`. */
  readonly wgsl: string;
  /** The arrays of parameters: name, and its shape after K x D (`[]` for one number a feature). */
  readonly parameters: Readonly<Record<string, readonly number[]>>;
  /** Values of an ordinary member. */
  readonly neutral: readonly number[];
  readonly sufficientStatistics: SufficientStatistics;
  /** ln h(x); left out where it is 0. */
  readonly logBaseMeasure?: (x: number) => number;
  readonly toNatural: (values: Float64Array, natural: Float64Array) => void;
  /** eta of the member whose mean of T is this (not finite where there is none): the inverse of grad A. */
  readonly meanToNatural: (mean: Float64Array, natural: Float64Array) => void;
  /** A(eta); not finite outside the family. */
  readonly logPartition: (natural: Float64Array) => number;
  /** E[T] = grad A(eta), near enough to be the origin of sums. */
  readonly naturalToMean: (natural: Float64Array, mean: Float64Array) => void;
  /**
   * The M-step of one feature: values from S = sum s gamma T (S numbers) and the observed mass, by maximum likelihood or, with a
   * prior, the mode.
   * @returns false where nothing is known, and the values stay as they were
   * @throws MixtureError NO_MODE
   */
  readonly update: (update: FeatureUpdate, values: Float64Array) => boolean;
  readonly readPrior: (prior: PriorOption, nFeatures: number) => Prior;
  readonly logPrior: (parameters: ExponentialParameters, prior: Prior) => number;
  /** Undefined, or what is wrong with the values: "must be at least 0". */
  readonly problem: (values: Float64Array) => string | undefined;
  /** E[x]. */
  readonly mean: (values: Float64Array) => number;
  readonly draw: (values: Float64Array, random: Random) => number;
}

/** What the M-step of one feature of one component has. */
export interface FeatureUpdate {
  readonly sums: Float64Array;
  readonly mass: number;
  readonly prior: Prior;
  readonly component: number;
  readonly feature: number;
}

/** Weights, and the definition's arrays by name. */
export type ExponentialParameters = Parameters & Readonly<Record<string, Float64Array>>;

/** What a factory of such a family may be given: as JSON, kept in `Family.settings`. */
export interface FeatureSettings {
  /** How many columns the family takes in `independent({ ... })`; elsewhere it takes all. */
  readonly nFeatures?: number;
  /** The prior where the fit gives none. */
  readonly prior?: Readonly<Record<string, unknown>>;
}

export type ExponentialFamily = Family<ExponentialParameters, ExponentialDensity>;

/**
 * A factory's argument: settings, or the number of columns. Typed arrays of a prior become plain ones, for JSON.
 * @param own names of the settings that the family has beside `nFeatures` and `prior`
 * @throws MixtureError INVALID_OPTION
 */
export function readSettings<S extends FeatureSettings>(
  options: S | number | undefined,
  own: readonly string[] = [],
): S {
  const given = (typeof options === 'number' ? { nFeatures: options } : (options ?? {})) as S;
  const known = ['nFeatures', 'prior', ...own];
  const odd = Object.keys(given).find((name) => !known.includes(name));
  if (odd !== undefined) {
    throw new MixtureError(
      'INVALID_OPTION',
      `A family has no setting ${odd}.`,
      `Its settings are: ${known.join(', ')}.`,
      { option: odd },
    );
  }
  const { nFeatures, prior } = given;
  if (nFeatures !== undefined && !(Number.isInteger(nFeatures) && nFeatures > 0)) {
    throw new MixtureError(
      'INVALID_OPTION',
      `nFeatures must be a whole number above 0; it is ${nFeatures}.`,
      'Leave it out for one column in independent({ ... }), and for all columns elsewhere.',
      { option: 'nFeatures' },
    );
  }
  if (typeof prior !== 'object') return given;
  const plain = Object.entries(prior).map(([key, value]) => [
    key,
    ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value,
  ]);
  return { ...given, prior: Object.fromEntries(plain) as Record<string, unknown> };
}

/** D independent features of the family that `definition` describes. `tilt` comes from the samples: see tilt.ts. */
export function exponentialFamily(
  definition: ExponentialFamilyDefinition,
  settings: FeatureSettings = {},
  tilt?: Tilt,
): ExponentialFamily {
  const { nStatistics, nonNegative, support, sufficientStatistics, logBaseMeasure } = definition;
  const { name } = definition;
  const layout = arraysOf(definition);
  const tilted = tilt && tiltFunction(definition, tilt);
  const source = {
    ...definition,
    name: definition.kernelName ?? name,
    example: support.example,
  };
  const family: ExponentialFamily = {
    name,
    settings: { ...settings },
    coordinates: 'raw',
    missing: 'observed',
    start: nStatistics > 1 ? 'partition' : 'blend',
    support,
    parameterShapes: (nComponents, nFeatures) =>
      Object.fromEntries(
        Object.entries(definition.parameters).map(([key, shape]) => [
          key,
          [nComponents, nFeatures, ...shape],
        ]),
      ),
    checkParameters(parameters, nFeatures) {
      const values = new Float64Array(layout.width);
      for (let i = 0; i < parameters.weights.length * nFeatures; i++) {
        layout.read(parameters, i, values);
        const problem = definition.problem(values);
        if (problem === undefined) continue;
        const where = `component ${Math.floor(i / nFeatures)}, feature ${i % nFeatures}`;
        return `${problem}, but ${layout.names.join(', ')} of ${where} is ${Array.from(values).join(', ')}`;
      }
      return undefined;
    },
    freeParameters: (nComponents, nFeatures) => nComponents * nFeatures * nStatistics,
    statisticsLength: (nFeatures) => nFeatures * nStatistics,
    *resolve(samples) {
      const { nFeatures } = settings;
      if (nFeatures !== undefined && nFeatures !== samples.nFeatures) {
        throw new MixtureError(
          'INVALID_OPTION',
          `The family ${name} was made for ${nFeatures} features, but the samples have ${samples.nFeatures}.`,
          'Leave nFeatures out.',
          { option: 'nFeatures', nFeatures: samples.nFeatures, expected: nFeatures },
        );
      }
      return exponentialFamily(definition, settings, yield* tiltOf(definition, samples));
    },
    standardise: (parameters) => parameters,
    restore: (parameters) => parameters,

    density(parameters) {
      const { weights } = parameters;
      const nComponents = weights.length;
      const nFeatures = layout.count(parameters) / nComponents;
      const natural = new Float64Array(nComponents * nFeatures * nStatistics);
      const means = new Float64Array(natural.length);
      const logPartitions = new Float64Array(nComponents * nFeatures);
      const logConstants = weights.map(Math.log);
      const values = new Float64Array(layout.width);
      for (let i = 0; i < logPartitions.length; i++) {
        const component = Math.floor(i / nFeatures);
        const feature = i % nFeatures;
        const at = i * nStatistics;
        const eta = natural.subarray(at, at + nStatistics);
        layout.read(parameters, i, values);
        definition.toNatural(values, eta);
        const logPartition = definition.logPartition(eta);
        if (!Number.isFinite(logPartition) || eta.some((value) => !(value < Infinity))) {
          throw improper(definition, component, feature, values);
        }
        definition.naturalToMean(eta, means.subarray(at, at + nStatistics));
        logPartitions[i] = logPartition;
        if (tilt) {
          logPartitions[i] -= tilt.logPartitions[feature];
          for (let s = 0; s < nStatistics; s++) eta[s] -= tilt.natural[feature * nStatistics + s];
        }
        logConstants[component] -= logPartitions[i];
      }
      return { nComponents, nFeatures, nStatistics, logConstants, natural, logPartitions, means };
    },
    ...densityFunctions(sufficientStatistics, nStatistics),
    ...((logBaseMeasure || tilted) && {
      logBaseMeasure(sample: Float64Array) {
        let sum = tilted ? tilted(sample) : 0;
        if (!logBaseMeasure) return sum;
        for (const x of sample) if (!Number.isNaN(x)) sum += logBaseMeasure(x);
        return sum;
      },
    }),
    origin: () => new Float64Array(0),

    mStep(statistics, previous, { prior }) {
      const { nComponents, componentMass, sums } = statistics;
      const nFeatures = sums.length / nComponents / nStatistics;
      const next = layout.copy(previous, weightsFromMass(componentMass));
      const values = new Float64Array(layout.width);
      const featureSums = new Float64Array(nStatistics);
      for (let i = 0; i < nComponents * nFeatures; i++) {
        const component = Math.floor(i / nFeatures);
        const feature = i % nFeatures;
        const observed = observedMass(statistics, component, feature, nFeatures);
        const empty = isEmpty(observed);
        if (empty && prior === undefined) continue;
        for (let s = 0; s < nStatistics; s++) {
          featureSums[s] = empty ? 0 : sums[i * nStatistics + s];
        }
        const mass = empty ? 0 : observed;
        const known = definition.update(
          { sums: featureSums, mass, prior, component, feature },
          values,
        );
        if (known) layout.write(next, i, values);
      }
      return next;
    },
    readPrior: (prior, { nFeatures }) =>
      definition.readPrior(
        typeof prior === 'string' ? prior : { ...settings.prior, ...prior },
        nFeatures,
      ),
    logPrior: (parameters, prior) =>
      prior === undefined ? 0 : definition.logPrior(parameters, prior),

    expectation(parameters) {
      const values = new Float64Array(layout.width);
      return Float64Array.from({ length: layout.count(parameters) }, (_, i) => {
        layout.read(parameters, i, values);
        return definition.mean(values);
      });
    },
    prepareDraws: () => new Float64Array(0),
    draw(parameters, _prepared, component, random, out, offset) {
      const nFeatures = layout.count(parameters) / parameters.weights.length;
      const values = new Float64Array(layout.width);
      for (let d = 0; d < nFeatures; d++) {
        layout.read(parameters, component * nFeatures + d, values);
        out[offset + d] = definition.draw(values, random);
      }
    },
    neutral: (nComponents, nFeatures) => layout.fill(definition.neutral, nComponents, nFeatures),

    columns: exponentialColumns(sufficientStatistics, nStatistics, nonNegative),
    device: (nFeatures, missing) => exponentialTwin(source, nFeatures, missing),
  };
  return family;
}

function improper(
  { name, parameters }: ExponentialFamilyDefinition,
  component: number,
  feature: number,
  values: Float64Array,
): MixtureError {
  const names = Object.keys(parameters).join(', ');
  return new MixtureError(
    'COLLAPSED_COMPONENT',
    `Component ${component} has no proper ${name} density in feature ${feature}: ${names} = ${Array.from(values).join(', ')}.`,
    'Use fewer components, or a prior on the parameters: all samples of this component are alike in this feature.',
    { component, feature },
  );
}

/** Values of one feature in and out of the arrays by name: the i-th feature of K x D has `width` numbers in all. */
function arraysOf({ parameters }: ExponentialFamilyDefinition) {
  const names = Object.keys(parameters);
  const sizes = names.map((name) => parameters[name].reduce((product, n) => product * n, 1));
  const width = sizes.reduce((sum, size) => sum + size, 0);
  return {
    names,
    width,
    /** K x D. */
    count: (arrays: ExponentialParameters): number => arrays[names[0]].length / sizes[0],
    read(arrays: ExponentialParameters, i: number, values: Float64Array): void {
      let at = 0;
      names.forEach((name, n) => {
        for (let j = 0; j < sizes[n]; j++) values[at++] = arrays[name][i * sizes[n] + j];
      });
    },
    write(arrays: ExponentialParameters, i: number, values: Float64Array): void {
      let at = 0;
      names.forEach((name, n) => {
        for (let j = 0; j < sizes[n]; j++) arrays[name][i * sizes[n] + j] = values[at++];
      });
    },
    copy: (arrays: ExponentialParameters, weights: Float64Array): ExponentialParameters => ({
      ...Object.fromEntries(names.map((name) => [name, arrays[name].slice()])),
      weights,
    }),
    fill(values: readonly number[], nComponents: number, nFeatures: number) {
      const arrays: ExponentialParameters = {
        ...Object.fromEntries(
          names.map((name, n) => [name, new Float64Array(nComponents * nFeatures * sizes[n])]),
        ),
        weights: new Float64Array(nComponents).fill(1 / nComponents),
      };
      for (let i = 0; i < nComponents * nFeatures; i++) {
        this.write(arrays, i, Float64Array.from(values));
      }
      return arrays;
    },
  };
}
