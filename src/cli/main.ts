#!/usr/bin/env node
import process from 'node:process';
import { run } from './run.ts';

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // Once: a second Ctrl-C ends the process at once, as usual.
  process.once(signal, () => {
    interruption.abort();
    // Whoever waits for more of standard input waits no longer.
    process.stdin.destroy();
  });
}

// A reader that has seen enough (`| head`) closes the pipe; that is no error of this command.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: interruption.signal,
});
