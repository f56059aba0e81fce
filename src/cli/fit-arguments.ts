import type { CovarianceType, Criterion } from '../index.ts';
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
import { PARAMETER_OPTIONS, familyOptions, readFamily } from './family-arguments.ts';
import type { FamilyName } from './families.ts';
import type { FitOptions } from './fit-job.ts';
import { choice, nonNegative, numberList, wholeNumber, wholeNumbers } from './values.ts';
import type { StepSize } from '../index.ts';

export interface FitArguments extends RunArguments {
  readonly command: 'fit';
  readonly input: InputArguments;
  readonly family: FamilyName;
  readonly options: Omit<FitOptions, 'nComponents' | 'covarianceType'>;
  /** One mixture to fit, or several to choose from. */
  readonly model: OneModel | Choice;
  /** A model to go on from. */
  readonly warmStartFile: string | undefined;
  readonly modelFile: string | undefined;
  readonly labelsFile: string | undefined;
  readonly diagnose: boolean;
}

/** `nComponents` may be missing beside a warm start. */
export interface OneModel extends Pick<FitOptions, 'covarianceType'> {
  readonly nComponents: number | undefined;
}

/** `--select`: the best of every number of components with every covariance type. */
export interface Choice {
  readonly criterion: Criterion;
  readonly nComponents: readonly number[];
  readonly covarianceTypes: readonly CovarianceType[] | undefined;
}

/** What every fit takes, that of digits too. */
export const LOOP_OPTIONS = {
  components: { type: 'string', short: 'k' },
  seed: { type: 'string' },
  restarts: { type: 'string' },
  'drop-restarts': { type: 'boolean' },
  init: { type: 'string' },
  tol: { type: 'string' },
  'max-iter': { type: 'string' },
  algorithm: { type: 'string' },
  'batch-size': { type: 'string' },
  'step-size': { type: 'string' },
} as const;

const FIT_OPTIONS = {
  ...RUN_OPTIONS,
  ...INPUT_OPTIONS,
  ...LOOP_OPTIONS,
  ...PARAMETER_OPTIONS,
  family: { type: 'string' },
  select: { type: 'string' },
  'warm-start': { type: 'string' },
  assignment: { type: 'string' },
  escape: { type: 'string' },
  annealing: { type: 'boolean' },
  out: { type: 'string', short: 'o' },
  labels: { type: 'string' },
  diagnose: { type: 'boolean' },
} as const;

/** Undefined where help is asked for. Throws UsageError. */
export function parseFit(words: string[]): FitArguments | undefined {
  const { values, positionals } = parseStrictly('fit', words, FIT_OPTIONS);
  if (values.help) return undefined;
  const family = readFamily(values.family);
  const criterion = choice('--select', values.select, ['bic', 'aic', 'icl']);
  const { covarianceTypes, ...components } = familyOptions(family, values);
  if (criterion && values['warm-start'] !== undefined) {
    throw new UsageError(
      '--warm-start goes on from one mixture, and --select compares several.',
      'Leave one of the two out.',
    );
  }
  return {
    command: 'fit',
    family,
    options: {
      ...loopOptions(values),
      assignment: choice('--assignment', values.assignment, ['soft', 'hard']),
      escape: choice('--escape', values.escape, ['none', 'split-merge']),
      annealing: values.annealing,
      ...components,
    },
    model: criterion
      ? severalModels(criterion, values.components, covarianceTypes)
      : oneModel(values.components, covarianceTypes, values['warm-start'] !== undefined),
    warmStartFile: values['warm-start'],
    modelFile: outputFile('--out', values.out),
    input: inputArguments('fit', values, positionals),
    labelsFile: outputFile('--labels', values.labels),
    diagnose: values.diagnose ?? false,
    ...runArguments(values),
  };
}

function severalModels(
  criterion: Criterion,
  components: string | undefined,
  covarianceTypes: readonly CovarianceType[] | undefined,
): Choice {
  if (components === undefined) {
    throw new UsageError(
      'The numbers of components to choose from are missing.',
      'Add, say, --components 1-16.',
    );
  }
  const nComponents = wholeNumbers('--components', components);
  if (nComponents.length * (covarianceTypes?.length ?? 1) === 1) {
    throw new UsageError(
      `--select ${criterion} has one mixture to choose from.`,
      `Give several numbers of components, say --components 1-${Math.max(nComponents[0], 8)}, or leave --select out.`,
    );
  }
  return { criterion, nComponents, covarianceTypes };
}

function oneModel(
  components: string | undefined,
  covarianceTypes: readonly CovarianceType[] = [],
  warm = false,
): OneModel {
  const isList = components !== undefined && /^\s*\d+\s*[-,]/.test(components);
  if (isList || covarianceTypes.length > 1) {
    throw new UsageError(
      isList
        ? `--components ${components.trim()} is several numbers, and a fit has one.`
        : `--covariance ${covarianceTypes.join(',')} is several types, and a fit has one.`,
      'Add --select bic (or aic, icl) to fit them all and keep the best; or give one.',
    );
  }
  return {
    nComponents: warm && components === undefined ? undefined : componentCount(components),
    covarianceType: covarianceTypes[0],
  };
}

/** Throws UsageError where there is none and no default. */
export function componentCount(components: string | undefined, byDefault?: number): number {
  const nComponents = wholeNumber('--components', components, 1) ?? byDefault;
  if (nComponents === undefined) {
    throw new UsageError('The number of components is missing.', 'Add, say, --components 3.');
  }
  return nComponents;
}

type LoopValues = {
  readonly [Name in keyof typeof LOOP_OPTIONS]?:
    | ((typeof LOOP_OPTIONS)[Name]['type'] extends 'boolean' ? boolean : string)
    | undefined;
};

export function loopOptions(values: LoopValues) {
  return {
    algorithm: choice('--algorithm', values.algorithm, ['em', 'stepwise', 'incremental']),
    batchSize: wholeNumber('--batch-size', values['batch-size'], 1),
    stepSize: stepSize('--step-size', values['step-size']),
    initParams: choice('--init', values.init, [
      'kmeans',
      'k-means++',
      'random_from_data',
      'random',
    ]),
    seed: wholeNumber('--seed', values.seed, 0),
    nInit: wholeNumber('--restarts', values.restarts, 1),
    dropRestarts: values['drop-restarts'],
    maxIter: wholeNumber('--max-iter', values['max-iter'], 1),
    tol: nonNegative('--tol', values.tol),
  };
}

/** A constant, or alpha and offset of a schedule; their ranges the library checks. */
function stepSize(option: string, text: string | undefined): StepSize | undefined {
  if (text === undefined) return undefined;
  const [first, offset, ...more] = numberList(option, text, 0);
  if (more.length === 0) return offset === undefined ? first : { alpha: first, offset };
  throw new UsageError(
    `${option} has ${more.length + 2} numbers.`,
    `Give a constant (${option} 0.05), or alpha and offset (${option} 0.6,2).`,
  );
}
