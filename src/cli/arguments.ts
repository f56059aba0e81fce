import { parseDigits } from './digits-arguments.ts';
import type { DigitsArguments } from './digits-arguments.ts';
import { UsageError } from './errors.ts';
import { parseFit } from './fit-arguments.ts';
import type { FitArguments } from './fit-arguments.ts';
import { parseImpute, parsePredict } from './model-arguments.ts';
import type { ImputeArguments, PredictArguments } from './model-arguments.ts';

export interface HelpArguments {
  readonly command: 'help';
  readonly topic: 'general' | 'fit' | 'predict' | 'impute' | 'digits';
}

export type Arguments =
  | HelpArguments
  | { readonly command: 'version' }
  | FitArguments
  | PredictArguments
  | ImputeArguments
  | DigitsArguments;

/** Reads the words after `webgpu-em`. Throws UsageError. */
export function parseArguments(words: readonly string[]): Arguments {
  const [command, ...rest] = words;
  switch (command) {
    case 'fit':
      return parseFit(rest) ?? { command: 'help', topic: 'fit' };
    case 'predict':
      return parsePredict(rest) ?? { command: 'help', topic: 'predict' };
    case 'impute':
      return parseImpute(rest) ?? { command: 'help', topic: 'impute' };
    case 'digits':
      return parseDigits(rest) ?? { command: 'help', topic: 'digits' };
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
        'Use "webgpu-em fit", "predict", "impute" or "digits"; webgpu-em --help explains them.',
      );
  }
}
