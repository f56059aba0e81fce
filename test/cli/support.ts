import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { run } from '../../src/cli/run.ts';

export interface CommandResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

export interface CommandOptions {
  stdin?: string;
  /** Standard error is a terminal. */
  isTTY?: boolean;
  signal?: AbortSignal;
  onStderr?: (text: string) => void;
}

/** Runs the command in this process. */
export async function command(
  words: readonly string[],
  { stdin = '', isTTY = false, signal, onStderr }: CommandOptions = {},
): Promise<CommandResult> {
  const written = { stdout: '', stderr: '' };
  const exitCode = await run(words, {
    stdin: bytesOf(stdin),
    stdout: { write: (text) => (written.stdout += textOf(text)) },
    stderr: {
      isTTY,
      columns: 120,
      write(text) {
        written.stderr += textOf(text);
        onStderr?.(textOf(text));
      },
    },
    signal,
  });
  return { exitCode, ...written };
}

/** Runs dist/cli.js, or a copy of it, as a program of its own, with pipes in place of a terminal. */
export function builtCommand(
  words: readonly string[],
  { stdin = '', file = rootFile('dist/cli.js') }: { stdin?: string; file?: string } = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, ...words]);
    const written = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (written.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (written.stderr += text));
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode: exitCode ?? -1, ...written }));
    child.stdin.end(stdin);
  });
}

export function rootFile(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

export const FAITHFUL = rootFile('test/fixtures/faithful.csv');
export const IRIS = rootFile('test/fixtures/awkward/01-plain.csv');
/** Iris with two columns of text, commas in quotes and letters beyond ASCII. */
export const IRIS_WITH_TEXT = rootFile('test/fixtures/awkward/14-text-columns.csv');

/** An empty folder for the test at hand. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'webgpu-em-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The lines of a CSV file that the command wrote, without the last line end. */
export function linesOf(text: string): string[] {
  expect(text.endsWith('\n')).toBe(true);
  return text.slice(0, -1).split('\n');
}

export function readLines(file: string): string[] {
  return linesOf(readFileSync(file, 'utf8'));
}

export function readJson(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
}

/** What every error looks like: one sentence, a hint on the next line, and nothing of the code. */
export function expectSentenceAndHint({ stdout, stderr }: CommandResult): void {
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^webgpu-em: [^\n]+[.?]\n {2}[^\n]+\n$/);
  expect(stderr).not.toMatch(/\bat .+:\d+:\d+|node:internal|Error:/);
}

function textOf(written: string | Uint8Array): string {
  return typeof written === 'string' ? written : new TextDecoder().decode(written);
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  // In two pieces, as a pipe may deliver it: in the middle of a line, or of a letter.
  const middle = Math.floor(bytes.length / 2);
  await Promise.resolve();
  yield bytes.subarray(0, middle);
  yield bytes.subarray(middle);
}
