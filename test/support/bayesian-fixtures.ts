import type {
  BayesianGaussianMixtureOptions,
  ScikitLearnBayesianAttributes,
  VariationalPriorOptions,
} from '../../src/index.ts';
import { readJson } from './fixtures.ts';

/** A posterior as test/fixtures/bayesian/make.py wrote it; nested as in scikit-learn. */
export interface BayesianParameters {
  readonly weights: number[];
  readonly means: number[][];
  readonly covariances: unknown[];
  readonly meanPrecision: number[];
  readonly degreesOfFreedom: number[];
  readonly weightConcentration: unknown[];
}

export interface BayesianRun {
  readonly id: string;
  readonly data: string;
  readonly n_components: number;
  /** 'responsibilities': nine tenths by label, one tenth spread evenly. */
  readonly start: 'labels' | 'responsibilities';
  readonly labels: number[];
  readonly max_iter: number;
  readonly tol: number;
  readonly options: {
    readonly covariance_type: NonNullable<BayesianGaussianMixtureOptions['covarianceType']>;
    readonly weight_concentration_prior_type: NonNullable<
      BayesianGaussianMixtureOptions['weightConcentrationPriorType']
    >;
    readonly weight_concentration_prior?: number;
    readonly reg_covar: number;
    readonly mean_precision_prior?: number;
    readonly mean_prior?: number[];
    readonly degrees_of_freedom_prior?: number;
    readonly covariance_prior?: VariationalPriorOptions['covariancePrior'];
  };
  readonly n_iter: number;
  readonly converged: boolean;
  readonly lower_bounds: number[];
  readonly after: Readonly<Record<string, BayesianParameters>>;
  readonly priors: Required<VariationalPriorOptions>;
  readonly score_samples: number[];
  readonly predict_proba: number[][];
  readonly predict: number[];
}

const files = import.meta.glob<string>('../fixtures/bayesian/*.json', {
  query: '?raw',
  import: 'default',
});

export const BAYESIAN_FILES = ['faithful', 'iris', 'offset', 'wine'] as const;

export async function loadBayesianRuns(name: string): Promise<readonly BayesianRun[]> {
  return ((await readJson(files, 'bayesian', name)) as { runs: BayesianRun[] }).runs;
}

/** The run's options here: model, priors, start, and when to stop. */
export function bayesianOptions(run: BayesianRun): BayesianGaussianMixtureOptions {
  const { options, labels, n_components: nComponents } = run;
  const start =
    run.start === 'labels'
      ? { labelsInit: labels }
      : {
          responsibilitiesInit: labels.map((label) =>
            Array.from(
              { length: nComponents },
              (_, k) => (k === label ? 0.9 : 0) + 0.1 / nComponents,
            ),
          ),
        };
  return {
    nComponents,
    ...start,
    covarianceType: options.covariance_type,
    weightConcentrationPriorType: options.weight_concentration_prior_type,
    weightConcentrationPrior: options.weight_concentration_prior,
    meanPrecisionPrior: options.mean_precision_prior,
    meanPrior: options.mean_prior,
    degreesOfFreedomPrior: options.degrees_of_freedom_prior,
    covariancePrior: options.covariance_prior,
    regCovar: options.reg_covar,
    maxIter: run.max_iter,
    tol: run.tol,
  };
}

/** The attributes of the estimator after its last iteration. */
export function scikitLearnAttributes(run: BayesianRun): ScikitLearnBayesianAttributes {
  const { options, priors } = run;
  const last = run.after[run.n_iter];
  return {
    covariance_type: options.covariance_type,
    weight_concentration_prior_type: options.weight_concentration_prior_type,
    weights_: last.weights,
    means_: last.means,
    covariances_: last.covariances,
    mean_precision_: last.meanPrecision,
    degrees_of_freedom_:
      options.covariance_type === 'tied' ? last.degreesOfFreedom[0] : last.degreesOfFreedom,
    weight_concentration_: last.weightConcentration,
    weight_concentration_prior_: priors.weightConcentrationPrior!,
    mean_precision_prior_: priors.meanPrecisionPrior!,
    mean_prior_: priors.meanPrior as number[],
    degrees_of_freedom_prior_: priors.degreesOfFreedomPrior!,
    covariance_prior_: priors.covariancePrior as number | unknown[],
    converged_: run.converged,
    n_iter_: run.n_iter,
    lower_bound_: run.lower_bounds.at(-1)!,
    lower_bounds_: run.lower_bounds,
  };
}

/** The files of test/fixtures/bayesian/fit-in-javascript.mjs and score_in_python.py, by model. */
export async function loadBayesianExchange(): Promise<
  {
    readonly name: string;
    readonly attributes: ScikitLearnBayesianAttributes;
    readonly said: { score_samples: number[]; predict: number[]; next_lower_bound: number };
  }[]
> {
  type Models<T> = { models: Record<string, T> };
  const fitted = await readJson(files, 'bayesian', 'from-javascript');
  const scored = await readJson(files, 'bayesian', 'scored-in-python');
  const { models } = scored as Models<Awaited<ReturnType<typeof loadBayesianExchange>>[0]['said']>;
  return Object.entries((fitted as Models<ScikitLearnBayesianAttributes>).models).map(
    ([name, attributes]) => ({ name, attributes, said: models[name] }),
  );
}
