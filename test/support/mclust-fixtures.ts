/** The fixtures of mclust (test/fixtures/mclust, format: test/fixtures/README.md). */
import type { CovarianceType } from '../../src/index.ts';
import { nameOf, readJson, type FixtureParameters } from './fixtures.ts';

/** Fraley and Raftery's conjugate prior. */
export interface MclustPrior {
  readonly kappa: number;
  readonly mean: number[];
  readonly dof: number;
  /** D x D for full and tied covariances, else a variance. */
  readonly scale: number | number[];
}

export interface MclustFixture {
  readonly id: string;
  readonly dataName: string;
  readonly nSamples: number;
  readonly nFeatures: number;
  readonly covarianceType: CovarianceType;
  readonly nComponents: number;
  readonly labelsInit: number[];
  readonly prior: MclustPrior | undefined;
  /** Element t - 1: total log-likelihood after t M-steps, the one from the labels included. mclust leaves the prior out. */
  readonly logLikelihood: number[];
  /** By number of M-steps; covariances in the shape of the type. */
  readonly parametersAfter: Readonly<Record<string, FixtureParameters>>;
  /** M-steps of the whole run. */
  readonly nSteps: number;
  readonly final: FixtureParameters & {
    readonly logLikelihood: number;
    readonly nParameters: number;
    readonly bic: number;
    readonly aic: number;
    readonly labels: number[];
    readonly probabilities: number[][];
  };
}

const fixtureFiles = import.meta.glob<string>('../fixtures/mclust/*.json', {
  query: '?raw',
  import: 'default',
});

export const mclustIds: readonly string[] = Object.keys(fixtureFiles).map(nameOf).sort();

export async function loadMclust(id: string): Promise<MclustFixture> {
  const raw = (await readJson(fixtureFiles, 'mclust', id)) as RawMclust;
  const type = raw.model.covariance_type;
  const { final, prior } = raw;
  const inShape = (parameters: FixtureParameters): FixtureParameters => ({
    weights: parameters.weights,
    means: parameters.means,
    covariances: shaped(parameters.covariances, type),
  });
  return {
    id,
    dataName: raw.data.name,
    nSamples: raw.data.n,
    nFeatures: raw.data.d,
    covarianceType: type,
    nComponents: raw.model.n_components,
    labelsInit: raw.init.labels,
    prior: prior
      ? {
          kappa: prior.shrinkage_kappa,
          mean: prior.mean_mu,
          dof: prior.dof_nu,
          scale:
            typeof prior.scale_Lambda === 'number' ? prior.scale_Lambda : prior.scale_Lambda.flat(),
        }
      : undefined,
    logLikelihood: raw.trace.loglik,
    parametersAfter: Object.fromEntries(
      Object.entries(raw.trace.params_after_iteration).map(([t, after]) => [t, inShape(after)]),
    ),
    nSteps: final.n_iter,
    final: {
      ...inShape(final),
      logLikelihood: final.loglik,
      nParameters: final.n_parameters,
      bic: final.bic,
      aic: final.aic,
      labels: final.labels,
      probabilities: final.z_first20,
    },
  };
}

interface RawMclust {
  data: { name: string; n: number; d: number };
  model: { covariance_type: CovarianceType; n_components: number };
  prior: {
    shrinkage_kappa: number;
    mean_mu: number[];
    dof_nu: number;
    scale_Lambda: number | number[][];
  } | null;
  init: { labels: number[] };
  trace: { loglik: number[]; params_after_iteration: Record<string, FixtureParameters> };
  final: FixtureParameters & {
    n_iter: number;
    loglik: number;
    n_parameters: number;
    bic: number;
    aic: number;
    labels: number[];
    z_first20: number[][];
  };
}

/** mclust gives a D x D matrix for each component whatever the type; for D = 1 variances, one where they are shared. */
function shaped(covariances: unknown[], type: CovarianceType): unknown[] {
  if (typeof covariances[0] === 'number') return covariances;
  const matrices = covariances as number[][][];
  if (type === 'full') return matrices;
  if (type === 'tied') return matrices[0];
  if (type === 'diag') return matrices.map((matrix) => matrix.map((row, d) => row[d]));
  return matrices.map((matrix) => matrix[0][0]);
}
