import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import type { FileFormat } from '../io/from-file.ts';
import { UsageError } from './errors.ts';
import { byteSize, choice, columnList, delimiter, wholeNumber } from './values.ts';

export type BackendChoice = 'auto' | 'cpu' | 'webgpu';

/** Where a command computes, and how much it says. */
export interface RunArguments {
  readonly backend: BackendChoice;
  /** Worker threads of the CPU side; undefined for the library's default. */
  readonly threads: number | undefined;
  readonly browser: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** The file of samples that a command reads. */
export interface InputArguments {
  readonly file: string;
  readonly columns: (string | number)[] | undefined;
  readonly header: boolean | 'auto';
  readonly delimiter: string | undefined;
  readonly format: FileFormat | undefined;
  /** Of a file of plain numbers. */
  readonly nFeatures: number | undefined;
  /** Bytes. */
  readonly memoryLimit: number | undefined;
}

const FORMATS = ['csv', 'npy', 'float32', 'float64', 'parquet', 'arrow'] as const;

export const RUN_OPTIONS = {
  backend: { type: 'string' },
  threads: { type: 'string' },
  browser: { type: 'boolean' },
  json: { type: 'boolean' },
  quiet: { type: 'boolean', short: 'q' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const INPUT_OPTIONS = {
  columns: { type: 'string', multiple: true },
  header: { type: 'boolean' },
  'no-header': { type: 'boolean' },
  delimiter: { type: 'string' },
  format: { type: 'string' },
  features: { type: 'string' },
  'memory-limit': { type: 'string' },
} as const;

/** `parseArgs` with its errors in this command's words. */
export function parseStrictly<const Options extends NonNullable<ParseArgsConfig['options']>>(
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

interface RunValues {
  readonly backend?: string | undefined;
  readonly threads?: string | undefined;
  readonly browser?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
}

export function runArguments(values: RunValues): RunArguments {
  const backend = choice('--backend', values.backend, ['auto', 'cpu', 'webgpu']) ?? 'auto';
  if (values.browser && backend === 'cpu') {
    throw new UsageError(
      '--browser computes on WebGPU, so --backend cpu contradicts it.',
      'Leave one of them out.',
    );
  }
  const threads = wholeNumber('--threads', values.threads, 0);
  if (threads !== undefined && (values.browser || backend === 'webgpu')) {
    throw new UsageError(
      `--threads is for the CPU, so ${values.browser ? '--browser' : '--backend webgpu'} contradicts it.`,
      'Leave one of them out.',
    );
  }
  return {
    backend,
    threads,
    browser: values.browser ?? false,
    json: values.json ?? false,
    quiet: values.quiet ?? false,
  };
}

interface InputValues {
  readonly columns?: string[] | undefined;
  readonly header?: boolean | undefined;
  readonly 'no-header'?: boolean | undefined;
  readonly delimiter?: string | undefined;
  readonly format?: string | undefined;
  readonly features?: string | undefined;
  readonly 'memory-limit'?: string | undefined;
}

export function inputArguments(
  command: string,
  values: InputValues,
  positionals: string[],
): InputArguments {
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
  return {
    file,
    columns: values.columns?.flatMap(columnList),
    header: values.header ? true : values['no-header'] ? false : 'auto',
    delimiter: values.delimiter === undefined ? undefined : delimiter(values.delimiter),
    format: choice('--format', values.format, FORMATS),
    nFeatures: wholeNumber('--features', values.features, 1),
    memoryLimit: byteSize('--memory-limit', values['memory-limit']),
  };
}

export function outputFile(option: string, file: string | undefined): string | undefined {
  if (file === '-' || file === '') {
    throw new UsageError(`${option} needs the name of a file.`, 'Use --json to print the result.');
  }
  return file;
}
