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
import { choice, nonNegative, wholeNumber } from './values.ts';

export interface FitArguments extends RunArguments {
  readonly command: 'fit';
  readonly input: InputArguments;
  readonly family: FamilyName;
  readonly options: FitOptions;
  readonly modelFile: string | undefined;
  readonly labelsFile: string | undefined;
  readonly diagnose: boolean;
}

/** What every fit takes, that of digits too. */
export const LOOP_OPTIONS = {
  components: { type: 'string', short: 'k' },
  seed: { type: 'string' },
  restarts: { type: 'string' },
  init: { type: 'string' },
  tol: { type: 'string' },
  'max-iter': { type: 'string' },
} as const;

const FIT_OPTIONS = {
  ...RUN_OPTIONS,
  ...INPUT_OPTIONS,
  ...LOOP_OPTIONS,
  ...PARAMETER_OPTIONS,
  family: { type: 'string' },
  out: { type: 'string', short: 'o' },
  labels: { type: 'string' },
  diagnose: { type: 'boolean' },
} as const;

/** Undefined where help is asked for. Throws UsageError. */
export function parseFit(words: string[]): FitArguments | undefined {
  const { values, positionals } = parseStrictly('fit', words, FIT_OPTIONS);
  if (values.help) return undefined;
  const family = readFamily(values.family);
  return {
    command: 'fit',
    family,
    options: { ...loopOptions(values), ...familyOptions(family, values) },
    modelFile: outputFile('--out', values.out),
    input: inputArguments('fit', values, positionals),
    labelsFile: outputFile('--labels', values.labels),
    diagnose: values.diagnose ?? false,
    ...runArguments(values),
  };
}

type LoopValues = { readonly [Name in keyof typeof LOOP_OPTIONS]?: string | undefined };

export function loopOptions(values: LoopValues, defaultComponents?: number) {
  const nComponents = wholeNumber('--components', values.components, 1) ?? defaultComponents;
  if (nComponents === undefined) {
    throw new UsageError('The number of components is missing.', 'Add, say, --components 3.');
  }
  return {
    nComponents,
    initParams: choice('--init', values.init, [
      'kmeans',
      'k-means++',
      'random_from_data',
      'random',
    ]),
    seed: wholeNumber('--seed', values.seed, 0),
    nInit: wholeNumber('--restarts', values.restarts, 1),
    maxIter: wholeNumber('--max-iter', values['max-iter'], 1),
    tol: nonNegative('--tol', values.tol),
  };
}
