import { readFile } from 'node:fs/promises';
import type { RunArguments } from './argument-parts.ts';
import { parseArguments } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import { browserEngine } from './browser-engine.ts';
import { digitsCommand } from './digits-command.ts';
import { EXIT, reportError } from './errors.ts';
import { fitCommand } from './fit-command.ts';
import { imputeCommand } from './impute-command.ts';
import type { CommandIo } from './io.ts';
import type { Engine } from './job.ts';
import { nodeEngine } from './node-engine.ts';
import { ownFile } from './own-files.ts';
import { predictCommand } from './predict-command.ts';
import { HELP } from './usage.ts';

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
    case 'impute':
      return imputeCommand(args, engineFor(args), io);
    case 'digits':
      return digitsCommand(args, engineFor(args), io);
  }
}

function engineFor({ browser, backend, threads }: RunArguments): Engine {
  return browser ? browserEngine : nodeEngine(backend, threads);
}

async function ownVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(ownFile('package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
