/**
 * webgpu-em: expectation-maximization for mixture models on WebGPU, with a float64 reference on the CPU.
 */
export { MixtureError, type ErrorCode } from './errors.ts';
export { Context, createContext, type ContextOptions } from './gpu/context.ts';
export type { ContextCode, ContextInfo } from './gpu/adapter.ts';
export type {
  ArrowLikeTable,
  SampleColumns,
  SampleMatrix,
  SamplesInput,
  SampleStream,
} from './data/samples.ts';
export { createDataset, Dataset, type DatasetChunk, type DatasetOptions } from './em/dataset.ts';
export type { InitParams } from './em/starts.ts';
export type { CovarianceType } from './families/registry.ts';
export { GaussianMixture } from './model/gaussian-mixture.ts';
export type { EvaluationOptions, FitStep, LabelBuffers, Restart } from './model/fit-record.ts';
export type { GaussianMixtureOptions } from './model/options.ts';
export type { NumberArray } from './model/arrays.ts';
export type { PlainMixture } from './model/json.ts';
export type { ScikitLearnAttributes } from './model/scikit-learn.ts';
