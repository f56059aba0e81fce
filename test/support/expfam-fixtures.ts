/**
 * The exponential-family fixtures (test/fixtures/expfam, format: test/fixtures/README.md). Where maximum likelihood drives
 * probabilities so close to 0 that float64 lost them, the run in 80-bit arithmetic (expfam-extended) counts.
 */
import { nameOf, readJson } from './fixtures.ts';

export type ExpfamFamily = 'bernoulli' | 'categorical' | 'multinomial' | 'poisson' | 'exponential';

export interface ExpfamParameters {
  readonly weights: number[];
  /** K x D (categorical: K x D x C): probabilities, or rates. */
  readonly theta: unknown[];
}

/** A whole run. Element t of a trace: total of the parameters after t M-steps, t = 0 ... nIter. */
export interface ExpfamRun extends ExpfamParameters {
  readonly nIter: number;
  readonly logLikelihood: number[];
  /** logLikelihood + ln prior, the latter without its constant. */
  readonly objective: number[];
  readonly parametersAfter: Readonly<Record<string, ExpfamParameters>>;
  readonly bic: number;
  readonly aic: number;
  readonly nParameters: number;
  /** For N <= 3000. */
  readonly labels: number[] | undefined;
  /** Of the labels as little-endian int32. */
  readonly labelsHash: string | undefined;
  readonly labelCounts: number[];
  /** Rows whose top two posteriors differ by less than 1e-3. */
  readonly nearTies: number[];
  readonly scoreSamples: number[];
  readonly probabilities: number[][];
}

export interface ExpfamFixture {
  readonly id: string;
  readonly family: ExpfamFamily;
  readonly dataName: string;
  readonly nSamples: number;
  readonly nFeatures: number;
  readonly nComponents: number;
  /** Categorical: of every feature. */
  readonly nCategories: number | undefined;
  /**
   * Dirichlet(alpha) on the weights; Beta(a, b), Gamma(a, b), or Dirichlet(a) on the other parameters; undefined for maximum
   * likelihood.
   */
  readonly prior: { readonly alpha: number; readonly a: number; readonly b: number } | undefined;
  readonly start: ExpfamParameters;
  readonly run: ExpfamRun;
  /** The fixture's own trace, and how many of its elements `run` agrees with, where `run` is the 80-bit one. */
  readonly float64Run: { readonly logLikelihood: number[]; readonly trusted: number } | undefined;
}

const fixtureFiles = import.meta.glob<string>('../fixtures/expfam/*.json', {
  query: '?raw',
  import: 'default',
});
const extendedFiles = import.meta.glob<string>('../fixtures/expfam-extended/*.json', {
  query: '?raw',
  import: 'default',
});

export const expfamIds: readonly string[] = Object.keys(fixtureFiles).map(nameOf).sort();
const extendedIds = new Set(Object.keys(extendedFiles).map(nameOf));

export async function loadExpfam(id: string): Promise<ExpfamFixture> {
  const raw = (await readJson(fixtureFiles, 'expfam', id)) as RawExpfam;
  const extended = extendedIds.has(id)
    ? ((await readJson(extendedFiles, 'expfam-extended', id)) as RawExtended)
    : undefined;
  const { alpha, a, b, n_categories: nCategories } = raw.model.prior;
  const flatB = raw.family === 'bernoulli' ? 1 : 0;
  return {
    id,
    family: raw.family,
    dataName: raw.data.name,
    nSamples: raw.data.n,
    nFeatures: raw.data.d,
    nComponents: raw.model.n_components,
    nCategories,
    prior: alpha === 1 && a === 1 && b === flatB ? undefined : { alpha, a, b },
    start: raw.init,
    run: toRun(extended ?? raw),
    float64Run: extended && {
      logLikelihood: raw.trace.loglik,
      trusted: extended.float64_run['first_beyond_1e-10'],
    },
  };
}

interface RawRun {
  trace: {
    loglik: number[];
    objective: number[];
    params_after_iteration: Record<string, ExpfamParameters>;
  };
  final: ExpfamParameters & {
    n_iter: number;
    n_parameters: number;
    bic: number;
    aic: number;
    label_counts: number[];
    labels: number[] | null;
    labels_sha256_i32le?: string;
    rows_with_margin_below_1e_3: number[];
    score_samples_first20: number[];
    predict_proba_first20: number[][];
  };
}

interface RawExpfam extends RawRun {
  family: ExpfamFamily;
  data: { name: string; n: number; d: number };
  model: {
    n_components: number;
    prior: { alpha: number; a: number; b: number; n_categories?: number };
  };
  init: ExpfamParameters;
}

interface RawExtended extends RawRun {
  float64_run: { 'first_beyond_1e-10': number };
}

function toRun({ trace, final }: RawRun): ExpfamRun {
  return {
    weights: final.weights,
    theta: final.theta,
    nIter: final.n_iter,
    logLikelihood: trace.loglik,
    objective: trace.objective,
    parametersAfter: trace.params_after_iteration,
    bic: final.bic,
    aic: final.aic,
    nParameters: final.n_parameters,
    labels: final.labels ?? undefined,
    labelsHash: final.labels_sha256_i32le,
    labelCounts: final.label_counts,
    nearTies: final.rows_with_margin_below_1e_3,
    scoreSamples: final.score_samples_first20,
    probabilities: final.predict_proba_first20,
  };
}
