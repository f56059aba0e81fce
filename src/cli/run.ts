import { readFile } from 'node:fs/promises';
import { parseArguments } from './arguments.ts';
import type { Arguments, FitArguments, PredictArguments } from './arguments.ts';
import { browserEngine } from './browser-engine.ts';
import type { Engine } from './engine.ts';
import { EXIT, reportError } from './errors.ts';
import { fitCommand } from './fit-command.ts';
import type { CommandIo } from './io.ts';
import { nodeEngine } from './node-engine.ts';
import { ownFile } from './own-files.ts';
import { predictCommand } from './predict-command.ts';
import { FIT_HELP, GENERAL_HELP, PREDICT_HELP } from './usage.ts';

const HELP = { general: GENERAL_HELP, fit: FIT_HELP, predict: PREDICT_HELP };

/**
 * Runs the command with the words after its name, and returns the exit code: 0; 1 where the fit
 * failed; 2 where the call or its input is wrong. Errors go to `io.stderr`; nothing is thrown.
 */
export async function run(words: readonly string[], io: CommandIo): Promise<number> {
  try {
    await perform(parseArguments(words), io);
    return EXIT.ok;
  } catch (error) {
    const { text, exitCode } = reportError(error, io.signal);
    io.stderr.write(text);
    return exitCode;
  }
}

async function perform(args: Arguments, io: CommandIo): Promise<void> {
  switch (args.command) {
    case 'help':
      io.stdout.write(HELP[args.topic]);
      return;
    case 'version':
      io.stdout.write(`${await ownVersion()}\n`);
      return;
    case 'fit':
      return fitCommand(args, engineFor(args), io);
    case 'predict':
      return predictCommand(args, engineFor(args), io);
  }
}

function engineFor({ browser, backend }: FitArguments | PredictArguments): Engine {
  return browser ? browserEngine : nodeEngine(backend);
}

async function ownVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(ownFile('package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
