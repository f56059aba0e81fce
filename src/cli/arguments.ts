import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import { UsageError } from './errors.ts';
import type { FitOptions } from './jobs.ts';
import { choice, columnList, delimiter, nonNegative, wholeNumber } from './values.ts';

export type BackendChoice = 'auto' | 'cpu' | 'webgpu';

export interface InputArguments {
  readonly file: string;
  readonly columns: (string | number)[] | undefined;
  readonly header: boolean | 'auto';
  readonly delimiter: string | undefined;
}

interface SharedArguments {
  readonly input: InputArguments;
  readonly backend: BackendChoice;
  readonly browser: boolean;
  readonly labelsFile: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

export interface FitArguments extends SharedArguments {
  readonly command: 'fit';
  readonly options: FitOptions;
  readonly modelFile: string | undefined;
}

export interface PredictArguments extends SharedArguments {
  readonly command: 'predict';
  readonly modelFile: string;
  readonly probabilities: boolean;
}

export type Arguments =
  | { readonly command: 'help'; readonly topic: 'general' | 'fit' | 'predict' }
  | { readonly command: 'version' }
  | FitArguments
  | PredictArguments;

const SHARED_OPTIONS = {
  columns: { type: 'string', multiple: true },
  header: { type: 'boolean' },
  'no-header': { type: 'boolean' },
  delimiter: { type: 'string' },
  backend: { type: 'string' },
  browser: { type: 'boolean' },
  labels: { type: 'string' },
  json: { type: 'boolean' },
  quiet: { type: 'boolean', short: 'q' },
  help: { type: 'boolean', short: 'h' },
} as const;

const FIT_OPTIONS = {
  ...SHARED_OPTIONS,
  components: { type: 'string', short: 'k' },
  covariance: { type: 'string' },
  seed: { type: 'string' },
  restarts: { type: 'string' },
  init: { type: 'string' },
  tol: { type: 'string' },
  'max-iter': { type: 'string' },
  'reg-covar': { type: 'string' },
  out: { type: 'string', short: 'o' },
} as const;

const PREDICT_OPTIONS = {
  ...SHARED_OPTIONS,
  model: { type: 'string', short: 'm' },
  proba: { type: 'boolean' },
} as const;

/** Reads the words after `webgpu-em`. Throws UsageError. */
export function parseArguments(words: readonly string[]): Arguments {
  const [command, ...rest] = words;
  switch (command) {
    case 'fit':
      return parseFit(rest);
    case 'predict':
      return parsePredict(rest);
    case '--help':
    case '-h':
    case 'help':
      return { command: 'help', topic: 'general' };
    case '--version':
    case '-v':
      return { command: 'version' };
    default:
      throw new UsageError(
        command === undefined ? 'No command is given.' : `There is no command "${command}".`,
        'Use "webgpu-em fit" or "webgpu-em predict"; webgpu-em --help explains them.',
      );
  }
}

function parseFit(words: string[]): Arguments {
  const { values, positionals } = parseStrictly('fit', words, FIT_OPTIONS);
  if (values.help) return { command: 'help', topic: 'fit' };
  const nComponents = wholeNumber('--components', values.components, 1);
  if (nComponents === undefined) {
    throw new UsageError('The number of components is missing.', 'Add, say, --components 3.');
  }
  const options: FitOptions = {
    nComponents,
    covarianceType: choice('--covariance', values.covariance, [
      'full',
      'tied',
      'diag',
      'spherical',
    ]),
    initParams: choice('--init', values.init, ['k-means++', 'random_from_data', 'random']),
    seed: wholeNumber('--seed', values.seed, 0),
    nInit: wholeNumber('--restarts', values.restarts, 1),
    maxIter: wholeNumber('--max-iter', values['max-iter'], 1),
    tol: nonNegative('--tol', values.tol),
    regCovar: nonNegative('--reg-covar', values['reg-covar']),
  };
  return {
    command: 'fit',
    options,
    modelFile: outputFile('--out', values.out),
    ...sharedArguments('fit', values, positionals),
  };
}

function parsePredict(words: string[]): Arguments {
  const { values, positionals } = parseStrictly('predict', words, PREDICT_OPTIONS);
  if (values.help) return { command: 'help', topic: 'predict' };
  if (values.model === undefined) {
    throw new UsageError(
      'The model is missing.',
      'Add --model model.json, a file that "webgpu-em fit --out model.json" wrote.',
    );
  }
  return {
    command: 'predict',
    modelFile: values.model,
    probabilities: values.proba ?? false,
    ...sharedArguments('predict', values, positionals),
  };
}

interface SharedValues {
  readonly columns?: string[] | undefined;
  readonly header?: boolean | undefined;
  readonly 'no-header'?: boolean | undefined;
  readonly delimiter?: string | undefined;
  readonly backend?: string | undefined;
  readonly browser?: boolean | undefined;
  readonly labels?: string | undefined;
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
}

function sharedArguments(
  command: string,
  values: SharedValues,
  positionals: string[],
): SharedArguments {
  const [file, ...surplus] = positionals;
  if (file === undefined) {
    throw new UsageError(
      'No file is given.',
      `webgpu-em ${command} FILE, or - for standard input.`,
    );
  }
  if (surplus.length > 0) {
    throw new UsageError(
      `There is one file too many: "${surplus[0]}".`,
      'Give one file; quote a name that has spaces.',
    );
  }
  if (values.header && values['no-header']) {
    throw new UsageError('--header and --no-header contradict each other.', 'Give one of them.');
  }
  const backend = choice('--backend', values.backend, ['auto', 'cpu', 'webgpu']) ?? 'auto';
  if (values.browser && backend === 'cpu') {
    throw new UsageError(
      '--browser computes on WebGPU, so --backend cpu contradicts it.',
      'Leave one of them out.',
    );
  }
  return {
    input: {
      file,
      columns: values.columns?.flatMap(columnList),
      header: values.header ? true : values['no-header'] ? false : 'auto',
      delimiter: values.delimiter === undefined ? undefined : delimiter(values.delimiter),
    },
    backend,
    browser: values.browser ?? false,
    labelsFile: outputFile('--labels', values.labels),
    json: values.json ?? false,
    quiet: values.quiet ?? false,
  };
}

function outputFile(option: string, file: string | undefined): string | undefined {
  if (file === '-' || file === '') {
    throw new UsageError(`${option} needs the name of a file.`, 'Use --json to print the result.');
  }
  return file;
}

/** `parseArgs` with its errors in this command's words. */
function parseStrictly<const Options extends NonNullable<ParseArgsConfig['options']>>(
  command: string,
  words: string[],
  options: Options,
) {
  try {
    return parseArgs({ args: words, options, allowPositionals: true, strict: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const hint = `webgpu-em ${command} --help lists the options.`;
    const code = 'code' in error ? error.code : undefined;
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
      const option = /'([^']+)'/.exec(error.message)?.[1] ?? '';
      throw new UsageError(`There is no option ${option}.`, hint, error);
    }
    // "Option '--seed <value>' argument missing", with a second sentence that is not for users.
    const [first] = error.message.split(/\.\s|\n/);
    throw new UsageError(`${first}.`, hint, error);
  }
}
