/**
 * webgpu-em: expectation-maximization for mixture models on WebGPU, with a float64 reference on the CPU.
 *
 * @module webgpu-em
 */
export { MixtureError, type ErrorCode } from './errors.ts';
export type { Warning, WarningCode } from './model/warnings.ts';
export { Context, createContext, type ContextOptions } from './gpu/context.ts';
export type { ContextCode, ContextInfo } from './gpu/adapter.ts';
export type { Mask } from './data/mask.ts';
export type {
  ArrowLikeColumn,
  ArrowLikeTable,
  SampleColumn,
  SampleColumns,
  SampleMatrix,
  SamplesInput,
  SampleStream,
  StreamChunk,
  NumericArray,
} from './data/sample-forms.ts';
export { packBits, type BitMatrix } from './data/bits.ts';
export { createDataset, type DatasetOptions } from './em/create-dataset.ts';
export { Dataset, type DatasetChunk } from './em/dataset.ts';
export type { Schedule as AnnealingSchedule } from './em/annealing.ts';
export type { InitParams } from './em/start-problem.ts';
export type { CovarianceType } from './families/gaussian-types.ts';
export { GaussianMixture } from './model/gaussian-mixture.ts';
export type { Move } from './em/split-merge.ts';
export type {
  BufferOptions,
  DrawnSamples,
  EvaluationOptions,
  FitStep,
  LabelBuffers,
  Restart,
  SampleBuffers,
} from './model/fit-record.ts';
export type { FitTimings } from './model/fit-timings.ts';
export { FittedMixture } from './model/fitted-mixture.ts';
export { Mixture, type PlainOptions } from './model/mixture.ts';
export { BayesianGaussianMixture } from './model/bayesian-gaussian-mixture.ts';
export type { BayesianGaussianMixtureOptions } from './model/bayesian-options.ts';
export type { ScikitLearnBayesianAttributes } from './model/bayesian-scikit-learn.ts';
export type {
  VariationalCovarianceType,
  VariationalPriorOptions,
} from './families/variational-prior.ts';
export type { WeightConcentrationPriorType } from './families/variational-weights.ts';
export {
  BernoulliMixture,
  type BernoulliMixtureOptions,
  type BernoulliPrior,
} from './model/bernoulli-mixture.ts';
export {
  CategoricalMixture,
  type CategoricalMixtureOptions,
  type CategoricalPrior,
} from './model/categorical-mixture.ts';
export {
  MultinomialMixture,
  type MultinomialMixtureOptions,
  type MultinomialPrior,
} from './model/multinomial-mixture.ts';
export {
  PoissonMixture,
  type PoissonMixtureOptions,
  type PoissonPrior,
} from './model/poisson-mixture.ts';
export {
  ExponentialMixture,
  type ExponentialMixtureOptions,
  type ExponentialPrior,
} from './model/exponential-mixture.ts';
export {
  GeometricMixture,
  type GeometricMixtureOptions,
  type GeometricPrior,
} from './model/geometric-mixture.ts';
export { KMeans, type KMeansEvaluation } from './model/k-means.ts';
export type { KMeansOptions, KMeansRestart, KMeansStep } from './model/k-means-options.ts';
export type { PlainKMeans } from './model/k-means-json.ts';
export { selectComponents, selectComponentsSteps } from './model/select-components.ts';
export type {
  Candidate,
  CandidateKind,
  Criterion,
  FailedCandidate,
  FamilySelectionOptions,
  FittedCandidate,
  GaussianSelectionOptions,
  Selection,
  SelectionStep,
} from './model/selection.ts';
export type { Criteria } from './model/criteria.ts';
export type { PartialFitOptions } from './model/partial-fit.ts';
export type { SavedMixture } from './model/warm-start.ts';
export type { Algorithm } from './em/batches.ts';
export type { StepSchedule, StepSize } from './em/step-size.ts';
export { readMixture } from './model/read-mixture.ts';
export type { FixedCovariance } from './families/gaussian-fixed.ts';
export { gaussian, type GaussianSettings } from './families/gaussian-factory.ts';
export { bernoulli } from './families/bernoulli.ts';
export { categorical, type CategoricalSettings } from './families/categorical.ts';
export type { NCategories } from './families/categorical-counts.ts';
export { multinomial, type MultinomialSettings } from './families/multinomial.ts';
export { poisson } from './families/poisson.ts';
export { exponential } from './families/exponential.ts';
export { geometric } from './families/geometric.ts';
export { independent } from './families/independent.ts';
export { defineFamily } from './families/define-family.ts';
export type { FamilyDefinition, Numbers, SupportDefinition } from './families/family-definition.ts';
export type { FeatureSettings } from './families/exponential-family.ts';
export type { ComponentDiagnostics, DiagnoseOptions, Diagnostics } from './model/diagnose.ts';
export type { CovarianceSpectrum } from './model/covariance-spectrum.ts';
export type { Evidence, EvidenceOptions } from './model/evidence.ts';
export type { ImputedSamples } from './model/impute.ts';
export type { GaussianMixtureOptions, GaussianPrior } from './model/gaussian-options.ts';
export type { PlainGaussianMixture } from './model/gaussian-json.ts';
export type { CommonOptions, MixtureOptions, WeightsPrior } from './model/options.ts';
export type { Family, Support } from './families/family.ts';
export type { NumberArray } from './model/arrays.ts';
export type { PlainMixture } from './model/json.ts';
export type { ScikitLearnAttributes } from './model/scikit-learn.ts';
