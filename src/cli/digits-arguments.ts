import { outputFile, parseStrictly, RUN_OPTIONS, runArguments } from './argument-parts.ts';
import type { RunArguments } from './argument-parts.ts';
import type { Hiding } from './digits-mask.ts';
import { UsageError } from './errors.ts';
import { familyOptions } from './family-arguments.ts';
import { componentCount, LOOP_OPTIONS, loopOptions } from './fit-arguments.ts';
import type { FitOptions } from './fit-job.ts';
import { choice, nonNegative, wholeNumber } from './values.ts';

export interface DigitsArguments extends RunArguments {
  readonly command: 'digits';
  /** Undefined: the sample that is in the repository. */
  readonly files: DigitFiles | undefined;
  readonly threshold: number;
  /** Undefined: all images of the training file. */
  readonly nTrain: number | undefined;
  readonly options: FitOptions;
  readonly hiding: Hiding;
  readonly nCompletions: number;
  readonly outputFile: string;
  readonly modelFile: string | undefined;
}

export interface DigitFiles {
  readonly train: string;
  readonly test: string;
  readonly trainLabels: string | undefined;
}

const DIGITS_OPTIONS = {
  ...RUN_OPTIONS,
  ...LOOP_OPTIONS,
  alpha: { type: 'string' },
  a: { type: 'string' },
  b: { type: 'string' },
  train: { type: 'string' },
  test: { type: 'string' },
  'train-labels': { type: 'string' },
  threshold: { type: 'string' },
  samples: { type: 'string' },
  hide: { type: 'string' },
  completions: { type: 'string' },
  output: { type: 'string', short: 'o' },
  model: { type: 'string', short: 'm' },
} as const;

/** As on the page at /digits. */
const DEFAULTS = { nComponents: 20, alpha: '2', a: '2', b: '2', nCompletions: 20, threshold: 127 };

/** Undefined where help is asked for. Throws UsageError. */
export function parseDigits(words: string[]): DigitsArguments | undefined {
  const { values, positionals } = parseStrictly('digits', words, DIGITS_OPTIONS);
  if (values.help) return undefined;
  if (positionals.length > 0) {
    throw new UsageError(
      `digits takes no file without its name: "${positionals[0]}".`,
      'Name the files: --train images.gz --test images.gz.',
    );
  }
  const output = outputFile('--output', values.output);
  if (output === undefined) {
    throw new UsageError('The file of the picture is missing.', 'Add --output digits.png.');
  }
  const { alpha, a, b } = { ...DEFAULTS, ...values };
  return {
    command: 'digits',
    files: digitFiles(values.train, values.test, values['train-labels']),
    threshold: greyValue(values.threshold) ?? DEFAULTS.threshold,
    nTrain: wholeNumber('--samples', values.samples, 2),
    options: {
      ...loopOptions(values),
      nComponents: componentCount(values.components, DEFAULTS.nComponents),
      ...familyOptions('bernoulli', { alpha, a, b }),
    },
    hiding: readHiding(values.hide ?? 'bottom'),
    nCompletions: wholeNumber('--completions', values.completions, 1) ?? DEFAULTS.nCompletions,
    outputFile: output,
    modelFile: outputFile('--model', values.model),
    ...runArguments(values),
  };
}

function digitFiles(
  train: string | undefined,
  test: string | undefined,
  trainLabels: string | undefined,
): DigitFiles | undefined {
  if (train !== undefined && test !== undefined) return { train, test, trainLabels };
  if (train === undefined && test === undefined && trainLabels === undefined) return undefined;
  throw new UsageError(
    `--${train === undefined ? 'train' : 'test'} is missing: images to ${train === undefined ? 'fit' : 'complete'}.`,
    'Give --train and --test, such as the files of MNIST; or neither, for the sample in the repository.',
  );
}

function greyValue(text: string | undefined): number | undefined {
  const value = nonNegative('--threshold', text);
  if (value === undefined || value < 255) return value;
  throw new UsageError(
    `--threshold needs a grey value below 255, not "${text}".`,
    'A pixel above it is a 1.',
  );
}

function readHiding(text: string): Hiding {
  const share = /^random:(.*)$/.exec(text)?.[1];
  if (share === undefined) {
    const side = choice('--hide', text, ['bottom', 'top', 'left', 'right', 'random']);
    return side === 'random' ? { side, share: 0.5 } : { side: side!, share: 0.5 };
  }
  const value = Number(share);
  if (share.trim() === '' || !(value > 0 && value <= 1)) {
    throw new UsageError(
      `--hide random:SHARE needs a share above 0 and at most 1, not "${share}".`,
      'For example --hide random:0.5.',
    );
  }
  return { side: 'random', share: value };
}
