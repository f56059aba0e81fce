import { MixtureError } from '../errors.ts';
import type { Family, Parameters } from '../families/family.ts';
import { nest, readArray } from './arrays.ts';
import type { FitRecord } from './fit-record.ts';
import type { FittedMixture } from './fitted-mixture.ts';
import { readRunning, toPlainRunning, type PlainRunning } from './running.ts';
import { readWarnings, type Warning } from './warnings.ts';

const FORMAT = 'webgpu-em/mixture';
/** `GaussianMixture.toJSON`'s. */
export const GAUSSIAN_FORMAT = 'webgpu-em/gaussian-mixture';
const VERSION = 1;

/** What `toJSON` writes: version 1. Arrays are nested; a bound that is not known (-Infinity) is null. */
export interface PlainMixture {
  /** Which of the library's formats it is, "webgpu-em/mixture" for instance. */
  readonly format: string;
  /** 1. */
  readonly version: number;
  /** The family's name. */
  readonly family: string;
  /** What the family was made with. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** D. */
  readonly nFeatures: number;
  /** Where the samples had names. */
  readonly columnNames?: readonly string[];
  /** Arrays by name, `weights` among them, nested, K first. */
  readonly parameters: Readonly<Record<string, unknown[]>>;
  /** Whether the fit converged. */
  readonly converged: boolean;
  /** Iterations of the fit. */
  readonly nIter: number;
  /** Per sample. */
  readonly lowerBound: number | null;
  /** A total. */
  readonly logLikelihood: number | null;
  /** ln p(theta), without its normalising constant. */
  readonly logPrior: number | null;
  /** One an iteration, per sample. */
  readonly lowerBounds: unknown[];
  /** Left out where there are none. */
  readonly warnings?: readonly Warning[];
  /** Left out by versions before `partialFit`. */
  readonly nSamplesSeen?: number;
  /** What `partialFit` goes on from. */
  readonly running?: PlainRunning;
}

/** The family that a model was saved with; undefined where the name is none that can be made here. */
export type MakeFamily = (
  name: string,
  settings: Readonly<Record<string, unknown>>,
) => Family | undefined;

export interface ReadMixture {
  readonly family: Family;
  readonly parameters: Parameters;
  readonly nFeatures: number;
  readonly record: Partial<FitRecord>;
}

export function toPlain(mixture: FittedMixture): PlainMixture {
  const { family, nComponents, nFeatures } = mixture;
  const shapes = { weights: [nComponents], ...family.parameterShapes(nComponents, nFeatures) };
  return {
    format: FORMAT,
    version: VERSION,
    family: family.name,
    settings: family.settings,
    nFeatures,
    ...(mixture.columnNames && { columnNames: mixture.columnNames }),
    parameters: Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [name, nest(mixture.parameters[name], shape)]),
    ),
    ...plainRecord(mixture),
  };
}

/** How a mixture came about, as JSON. */
export function plainRecord(mixture: FittedMixture) {
  const { running } = mixture;
  return {
    converged: mixture.converged,
    nIter: mixture.nIter,
    lowerBound: finiteOrNull(mixture.lowerBound),
    logLikelihood: finiteOrNull(mixture.logLikelihood),
    logPrior: finiteOrNull(mixture.logPrior),
    lowerBounds: Array.from(mixture.lowerBounds, finiteOrNull),
    ...(mixture.warnings.length > 0 && { warnings: mixture.warnings }),
    nSamplesSeen: mixture.nSamplesSeen,
    ...(running && { running: toPlainRunning(running) }),
  };
}

export const finiteOrNull = (value: number): number | null =>
  Number.isFinite(value) ? value : null;

/** Text as JSON, anything else as it is. @throws MixtureError INVALID_MODEL */
export function parseModel(json: unknown): Readonly<Record<string, unknown>> {
  let value: unknown = json;
  if (typeof json === 'string') {
    try {
      value = JSON.parse(json);
    } catch (error) {
      throw new MixtureError(
        'INVALID_MODEL',
        'The model is not valid JSON.',
        'Pass what toJSON() gave.',
        {},
        error,
      );
    }
  }
  return (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
}

/** @throws MixtureError INVALID_MODEL naming what is missing or wrong; what `makeFamily` throws */
export function fromPlain(json: unknown, makeFamily: MakeFamily): ReadMixture {
  const plain = parseModel(json);
  requireFormat(plain, FORMAT);
  const name = String(plain['family']);
  const family = makeFamily(name, parseModel(plain['settings']));
  if (!family) {
    throw new MixtureError(
      'INVALID_MODEL',
      `The model is a mixture of ${name}, which is no family of this library.`,
      'For a family of your own: Mixture.fromJSON(json, { families: [yourFamily] }).',
      { family: name },
    );
  }
  const values = parseModel(plain['parameters']);
  const weights = values['weights'];
  const nComponents = Array.isArray(weights) ? weights.length : 0;
  const nFeatures = plain['nFeatures'];
  if (nComponents === 0 || typeof nFeatures !== 'number' || !(nFeatures >= 1)) {
    throw new MixtureError(
      'INVALID_MODEL',
      'The model has no weights, or no number of features.',
      'Pass what toJSON() gave.',
    );
  }
  const shapes = { weights: [nComponents], ...family.parameterShapes(nComponents, nFeatures) };
  const parameters = Object.fromEntries(
    Object.entries(shapes).map(([array, shape]) => [
      array,
      readArray(values[array], shape, array, 'INVALID_MODEL'),
    ]),
  ) as unknown as Parameters;
  checkWeights(parameters.weights);
  const wrong = family.checkParameters(parameters, nFeatures);
  if (wrong !== undefined) {
    throw new MixtureError(
      'INVALID_MODEL',
      `The model is no mixture of ${name}: ${wrong}.`,
      'Check how the model was saved.',
      { family: name },
    );
  }
  const running = readRunning(plain['running'], family, nComponents, nFeatures);
  return { family, parameters, nFeatures, record: { ...readRecord(plain), running } };
}

/** @throws MixtureError INVALID_MODEL */
export function requireFormat(
  plain: Readonly<Record<string, unknown>>,
  format: string,
  what = 'mixture of this library',
): void {
  if (plain['format'] !== format) {
    throw new MixtureError(
      'INVALID_MODEL',
      `This is no ${what}: ${plain['format'] === undefined ? 'it names no format' : `its format is ${JSON.stringify(plain['format'])}`}.`,
      `Pass what toJSON() gave (format '${format}')${format === GAUSSIAN_FORMAT ? ", or scikit-learn's attributes (weights_, means_, ...)" : ''}.`,
    );
  }
  if (plain['version'] !== VERSION) {
    throw new MixtureError(
      'INVALID_MODEL',
      `The model has version ${String(plain['version'])}; this library reads version ${VERSION}.`,
      'Use the version of webgpu-em that wrote it, or a newer one.',
      { version: plain['version'] },
    );
  }
}

/** @throws MixtureError INVALID_MODEL */
export function checkWeights(weights: Float64Array): void {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (weights.some((weight) => weight < 0) || Math.abs(sum - 1) > 1e-6) {
    throw new MixtureError(
      'INVALID_MODEL',
      `The model's weights sum to ${sum}, or one is negative.`,
      'They must be >= 0 and sum to 1.',
      { sum },
    );
  }
}

/** What a saved model says of its fit. */
export function readRecord(plain: Readonly<Record<string, unknown>>): Partial<FitRecord> {
  const bounds = Array.isArray(plain['lowerBounds']) ? (plain['lowerBounds'] as unknown[]) : [];
  const number = (name: string, missing: number): number =>
    typeof plain[name] === 'number' ? plain[name] : missing;
  return {
    converged: plain['converged'] === true,
    nIter: number('nIter', 0),
    lowerBound: number('lowerBound', -Infinity),
    logLikelihood: number('logLikelihood', -Infinity),
    logPrior: number('logPrior', 0),
    columnNames: readNames(plain['columnNames']),
    warnings: readWarnings(plain['warnings']),
    nSamplesSeen: Math.max(0, number('nSamplesSeen', 0)),
    lowerBounds: readArray(
      bounds.map((bound) => bound ?? -Number.MAX_VALUE),
      [bounds.length],
      'lowerBounds',
      'INVALID_MODEL',
    ).map((bound) => (bound === -Number.MAX_VALUE ? -Infinity : bound)),
  };
}

/** Names of columns as saved, where there are any. */
export function readNames(names: unknown): readonly string[] | undefined {
  return Array.isArray(names) && names.every((name) => typeof name === 'string')
    ? names
    : undefined;
}

/**
 * A saved mixture of one family.
 * @param make the family from its settings
 * @throws MixtureError INVALID_MODEL
 */
export function fromPlainOf(
  name: string,
  make: (settings: Readonly<Record<string, unknown>>) => Family,
  json: unknown,
): ReadMixture {
  return fromPlain(json, (found, settings) => {
    if (found === name) return make(settings);
    throw new MixtureError(
      'INVALID_MODEL',
      `The model is a mixture of ${found}, not ${name}.`,
      'Read it with the class of its family, or with readMixture().',
      { family: found, expected: name },
    );
  });
}
