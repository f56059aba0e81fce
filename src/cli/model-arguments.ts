import {
  INPUT_OPTIONS,
  inputArguments,
  outputFile,
  parseStrictly,
  RUN_OPTIONS,
  runArguments,
} from './argument-parts.ts';
import type { InputArguments, RunArguments } from './argument-parts.ts';
import { UsageError } from './errors.ts';

export interface PredictArguments extends RunArguments {
  readonly command: 'predict';
  readonly input: InputArguments;
  readonly modelFile: string;
  readonly labelsFile: string | undefined;
  readonly probabilities: boolean;
}

export interface ImputeArguments extends RunArguments {
  readonly command: 'impute';
  readonly input: InputArguments;
  readonly modelFile: string;
  /** Standard output where undefined. */
  readonly outputFile: string | undefined;
}

const MODEL_OPTIONS = {
  ...RUN_OPTIONS,
  ...INPUT_OPTIONS,
  model: { type: 'string', short: 'm' },
} as const;

const PREDICT_OPTIONS = {
  ...MODEL_OPTIONS,
  labels: { type: 'string' },
  proba: { type: 'boolean' },
} as const;

const IMPUTE_OPTIONS = {
  ...MODEL_OPTIONS,
  output: { type: 'string', short: 'o' },
} as const;

/** Undefined where help is asked for. Throws UsageError. */
export function parsePredict(words: string[]): PredictArguments | undefined {
  const { values, positionals } = parseStrictly('predict', words, PREDICT_OPTIONS);
  if (values.help) return undefined;
  return {
    command: 'predict',
    modelFile: requireModel(values.model),
    probabilities: values.proba ?? false,
    input: inputArguments('predict', values, positionals),
    labelsFile: outputFile('--labels', values.labels),
    ...runArguments(values),
  };
}

/** Undefined where help is asked for. Throws UsageError. */
export function parseImpute(words: string[]): ImputeArguments | undefined {
  const { values, positionals } = parseStrictly('impute', words, IMPUTE_OPTIONS);
  if (values.help) return undefined;
  const output = values.output === '-' ? undefined : outputFile('--output', values.output);
  if (values.json && output === undefined) {
    throw new UsageError(
      '--json and the filled file cannot both go to standard output.',
      'Add --output filled.csv, or leave --json out.',
    );
  }
  return {
    command: 'impute',
    modelFile: requireModel(values.model),
    input: inputArguments('impute', values, positionals),
    outputFile: output,
    ...runArguments(values),
  };
}

function requireModel(model: string | undefined): string {
  if (model !== undefined) return model;
  throw new UsageError(
    'The model is missing.',
    'Add --model model.json, a file that "webgpu-em fit --out model.json" wrote.',
  );
}
