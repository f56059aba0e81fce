/**
 * The reference results in test/fixtures (format: test/fixtures/README.md), read the same way in Node and in the browser:
 * through Vite, on demand.
 */
import { hashgen, type HashgenSpec } from './hashgen.ts';
import type { CovarianceType } from '../../src/index.ts';

export interface FixtureParameters {
  readonly weights: number[];
  readonly means: number[][];
  /** full K x D x D, tied D x D, diag K x D, spherical K. */
  readonly covariances: unknown[];
}

/** A whole run: the trace and the parameters that it ended with. */
export interface FixtureRun extends FixtureParameters {
  readonly nIter: number;
  /** Element t: mean log-likelihood of the parameters after t M-steps, t = 0 ... nIter. */
  readonly meanLogLikelihood: number[];
  readonly parametersAfter: Readonly<Record<string, FixtureParameters>>;
  readonly bic: number;
  readonly aic: number;
  readonly nParameters: number;
  readonly labelCounts: number[];
  /** For N <= 3000. */
  readonly labels: number[] | undefined;
  /** Of the labels as little-endian int32, for N > 3000. */
  readonly labelsHash: string | undefined;
  /** Rows whose top two posteriors differ by less than 1e-3; undefined where the fixture doesn't say. */
  readonly nearTies: number[] | undefined;
  readonly scoreSamples: number[];
  readonly probabilities: number[][];
}

export type FixtureStart =
  | { type: 'parameters'; weights: number[]; means: number[][]; precisions: unknown[] }
  | { type: 'labels'; labels: number[] }
  | { type: 'responsibilities'; responsibilities: number[][] };

export interface Fixture {
  readonly id: string;
  readonly dataName: string;
  readonly nSamples: number;
  readonly nFeatures: number;
  readonly covarianceType: CovarianceType;
  readonly nComponents: number;
  readonly regCovar: number;
  readonly start: FixtureStart;
  /** What makes it hard, in the words of the fixture. */
  readonly hard: string | undefined;
  /** Components of (near) zero mass, whose mean and covariance are a convention. */
  readonly conventional: number[];
  /** The authoritative run; undefined where the right answer is a refusal. */
  readonly run: FixtureRun | undefined;
}

export interface FixtureSamples {
  readonly data: Float64Array;
  readonly nSamples: number;
  readonly nFeatures: number;
}

const fixtureFiles = import.meta.glob<string>('../fixtures/gmm/*.json', {
  query: '?raw',
  import: 'default',
});
const dataFiles = import.meta.glob<string>('../fixtures/data/*.json', {
  query: '?raw',
  import: 'default',
});
const compressedFiles = import.meta.glob<string>('../fixtures/data/*.gz', {
  query: '?url&inline',
  import: 'default',
});
const workedFiles = import.meta.glob<string>('../fixtures/worked/*.json', {
  query: '?raw',
  import: 'default',
});
const interoperationFiles = import.meta.glob<string>('../fixtures/scikit-learn/*.json', {
  query: '?raw',
  import: 'default',
});

export const fixtureIds: readonly string[] = Object.keys(fixtureFiles).map(nameOf).sort();
export const dataNames: readonly string[] = Object.keys(dataFiles).map(nameOf).sort();

export async function loadFixture(id: string): Promise<Fixture> {
  return toFixture((await readJson(fixtureFiles, 'gmm', id)) as RawFixture);
}

/** Any other file of reference results, as it is. */
export async function loadWorkedExample(): Promise<unknown> {
  return readJson(workedFiles, 'worked', 'worked-1d');
}

/** A file that docs/scikit-learn made. */
export async function loadInteroperation(name: string): Promise<unknown> {
  return readJson(interoperationFiles, 'scikit-learn', name);
}

let latest: { name: string; samples: FixtureSamples } | undefined;

/** Samples of a data set, checked against its SHA-256. Only the latest stays in memory: the largest has 128 MB. */
export async function loadSamples(name: string): Promise<FixtureSamples> {
  if (latest?.name === name) return latest.samples;
  const raw = (await readJson(dataFiles, 'data', name)) as RawData;
  const data = await readData(raw);
  const digest = await sha256(data);
  if (digest !== raw.sha256_f64le) {
    throw new Error(`Data set ${name} has SHA-256 ${digest}, not ${raw.sha256_f64le}.`);
  }
  const samples = { data, nSamples: raw.n, nFeatures: raw.d };
  latest = { name, samples };
  return samples;
}

/** SHA-256 of an array's bytes, in hexadecimal. */
export async function sha256(array: Float64Array | Int32Array | Uint8Array): Promise<string> {
  const bytes = new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

interface RawData {
  n: number;
  d: number;
  sha256_f64le: string;
  x?: number[];
  generator?: HashgenSpec;
  file?: string;
  stride?: number;
  use_columns?: number[];
}

async function readData(raw: RawData): Promise<Float64Array> {
  if (raw.x) return Float64Array.from(raw.x);
  if (raw.generator) return hashgen(raw.generator).data;
  const { n, d, stride = d, use_columns: columns = [] } = raw;
  const bytes = await readCompressed(raw.file!.split('/').at(-1)!);
  return Float64Array.from(
    { length: n * d },
    (_, i) => bytes[Math.floor(i / d) * stride + columns[i % d]],
  );
}

async function readCompressed(name: string): Promise<Uint8Array> {
  return readGzip(await compressedFiles[`../fixtures/data/${name}`]());
}

/** The decompressed bytes of a gzip file. */
export async function readGzip(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const packed = (await fetch(url)).body!;
  const unpacked = packed.pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
}

interface RawRun {
  n_iter: number;
  weights: number[];
  means: number[][];
  covariances: unknown[];
  bic: number;
  aic: number;
  n_parameters: number;
  label_counts: number[];
  labels?: number[];
  labels_sha256_i32le?: string;
  'rows_with_margin_below_1e-3'?: number[];
  label_margin_min?: number;
  score_samples_first20: number[];
  predict_proba_first20: number[][];
}

interface RawFixture {
  id: string;
  hard: string | null;
  data: { name: string; n: number; d: number };
  model: { covariance_type: CovarianceType; n_components: number; reg_covar: number };
  init: FixtureStart;
  trace?: { mean_loglik: number[]; params_after_iteration: Record<string, FixtureParameters> };
  final?: RawRun;
  authoritative: 'scikit-learn' | 'extended' | 'refuse';
  convention_dependent: boolean;
  near_empty_components?: number[];
  extended?: {
    own_run?: RawRun & {
      mean_loglik_trace: number[];
      params_after_iteration: Record<string, FixtureParameters>;
    };
  };
}

function toFixture(raw: RawFixture): Fixture {
  return {
    id: raw.id,
    dataName: raw.data.name,
    nSamples: raw.data.n,
    nFeatures: raw.data.d,
    covarianceType: raw.model.covariance_type,
    nComponents: raw.model.n_components,
    regCovar: raw.model.reg_covar,
    start: raw.init,
    hard: raw.hard ?? undefined,
    conventional: raw.convention_dependent ? (raw.near_empty_components ?? []) : [],
    run: runOf(raw),
  };
}

function runOf(raw: RawFixture): FixtureRun | undefined {
  if (raw.authoritative === 'refuse') return undefined;
  if (raw.authoritative === 'extended') {
    const run = raw.extended!.own_run!;
    return toRun(run, run.mean_loglik_trace, run.params_after_iteration);
  }
  return toRun(raw.final!, raw.trace!.mean_loglik, raw.trace!.params_after_iteration);
}

function toRun(
  raw: RawRun,
  meanLogLikelihood: number[],
  parametersAfter: Record<string, FixtureParameters>,
): FixtureRun {
  const marginKnown = raw.label_margin_min !== undefined && raw.label_margin_min >= 1e-3;
  return {
    nIter: raw.n_iter,
    meanLogLikelihood,
    parametersAfter,
    weights: raw.weights,
    means: raw.means,
    covariances: raw.covariances,
    bic: raw.bic,
    aic: raw.aic,
    nParameters: raw.n_parameters,
    labelCounts: raw.label_counts,
    labels: raw.labels,
    labelsHash: raw.labels_sha256_i32le,
    nearTies: raw['rows_with_margin_below_1e-3'] ?? (marginKnown ? [] : undefined),
    scoreSamples: raw.score_samples_first20,
    probabilities: raw.predict_proba_first20,
  };
}

/** The file `name`.json of one of the globs of test/fixtures/`folder`. */
export async function readJson(
  files: Record<string, () => Promise<string>>,
  folder: string,
  name: string,
): Promise<unknown> {
  const read = files[`../fixtures/${folder}/${name}.json`];
  if (!read) throw new Error(`There is no file test/fixtures/${folder}/${name}.json.`);
  return JSON.parse(await read());
}

/** The name of a file of a glob, without folder and .json. */
export function nameOf(path: string): string {
  return path
    .split('/')
    .at(-1)!
    .replace(/\.json$/, '');
}
