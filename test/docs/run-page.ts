import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { format } from 'node:util';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import * as library from '../../src/index.ts';
import * as readers from '../../src/io/index.ts';
import { command } from '../cli/support.ts';
import { threeClusters } from '../support/behaviour/side.ts';
import { pageParts, type Part } from './page-parts.ts';
import { holds, runSnippet, type Scope } from './run-snippet.ts';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Names that a page's setup finds there, beside those of its snippets. */
const HELPERS = {
  /** Three clusters of 300 samples in the plane, with their labels. */
  clusters: threeClusters,
  /** Where a file of test/fixtures is. */
  fixture: (path: string): string => join(root, 'test/fixtures', path),
  /** Old Faithful: 272 eruptions, their duration and the waiting time before them, in minutes. */
  faithful: (): library.SampleMatrix => {
    const lines = readFileSync(join(root, 'test/fixtures/faithful.csv'), 'utf8').trim().split('\n');
    const data = Float64Array.from(lines.slice(1).flatMap((line) => line.split(',').map(Number)));
    return { data, nSamples: data.length / 2, nFeatures: 2 };
  },
};

/** Programs of other makers, and what only a whole machine can show: named here, not run (start.test.ts runs those of docs/start.md). */
const NOT_RUN = /^(python3?|pip|tar|cd|cp|\.\/bench\.sh|npx playwright|npm (i|init|install)) /;

interface Script {
  scripts: Record<string, string>;
}

/** What the snippets of a page came to. */
export interface PageRun {
  readonly snippets: number;
  readonly commands: number;
}

/** Runs every snippet of a page, top to bottom, in an empty folder with the names that those before it left. */
export async function runPage(path: string): Promise<PageRun> {
  const parts = pageParts(readFileSync(resolve(root, path), 'utf8'));
  const folder = mkdtempSync(join(tmpdir(), 'webgpu-em-docs-'));
  // paths of the repository, as they are written on the pages
  for (const name of ['test', 'docs'])
    symlinkSync(join(root, name), join(folder, name), 'junction');
  const home = process.cwd();
  process.chdir(folder);
  const page = new RunningPage(path, folder);
  try {
    for (const [i, part] of parts.entries()) await page.run(part, parts[i + 1]);
  } finally {
    page.close();
    process.chdir(home);
    rmSync(folder, { recursive: true, force: true });
  }
  return { snippets: page.snippets, commands: page.commands };
}

class RunningPage {
  snippets = 0;
  commands = 0;
  /** What the last snippet printed. */
  #printed: string[] = [];
  #scripts: string[] = [];
  readonly #contexts: library.Context[] = [];
  readonly #scope: Scope;

  constructor(
    private readonly path: string,
    private readonly folder: string,
  ) {
    const print = (...values: unknown[]): void => void this.#printed.push(format(...values));
    const console = { log: print, warn: print, error: print };
    this.#scope = new Map<string, unknown>(Object.entries({ ...HELPERS, console }));
  }

  async run(part: Part, next: Part | undefined): Promise<void> {
    const where = `${this.path}:${part.line}`;
    switch (part.kind) {
      case 'setup':
        return this.#run(part.text, where);
      case 'check':
        for (const line of part.text.split('\n').filter(Boolean)) {
          same(await holds(line, this.#scope), true, `${where}: ${line}`);
        }
        return;
      case 'ts':
      case 'js':
        this.snippets += 1;
        this.#scripts.push(part.text);
        return this.#snippet(part.text, where, next?.kind === 'text' ? next.text : undefined);
      case 'sh':
      case 'console':
        return this.#shell(part, where);
      // html: a page for a browser, see cdn.test.ts; python: for scikit-learn, which a clean machine does not have
      case 'html':
      case 'python':
      case 'text':
      case 'json':
        return;
      default:
        throw new Error(`${where}: a fence of "${part.kind}", which nothing here runs.`);
    }
  }

  close(): void {
    for (const context of this.#contexts) context.dispose();
  }

  async #run(code: string, where: string): Promise<void> {
    try {
      await runSnippet(code, this.#scope, this.#load);
    } catch (error) {
      if (error instanceof library.MixtureError) throw error;
      throw new Error(`${where}: ${String(error)}`, { cause: error });
    }
  }

  readonly #load = async (specifier: string): Promise<unknown> => {
    if (specifier === 'webgpu-em') return { ...library, createContext: this.#createContext };
    if (specifier === 'webgpu-em/io') return readers;
    return import(/* @vite-ignore */ specifier);
  };

  /** Remembered, so that those which a page leaves open end with it. */
  readonly #createContext = async (options?: library.ContextOptions): Promise<library.Context> => {
    const context = await library.createContext(options);
    this.#contexts.push(context);
    return context;
  };

  /** A snippet, and the fence of text below it: what it prints, or the error that it ends with. */
  async #snippet(code: string, where: string, output: string | undefined): Promise<void> {
    this.#printed = [];
    const failure = await this.#run(code, where).catch((error: unknown) => error);
    if (failure === undefined) {
      if (output !== undefined) same(this.#printed.join('\n'), output, where);
    } else if (output !== undefined && failure instanceof library.MixtureError) {
      const { code: word, message, hint } = failure;
      same(`${word}: ${message}\n${hint}`, output, where);
    } else {
      const { message } = failure as Error;
      throw new Error(`${where}: ${message}`, { cause: failure });
    }
  }

  /** Lines that begin with `$ ` (or, of sh, all that are no comments) are commands, those below are what they print. */
  async #shell({ kind, text }: Part, where: string): Promise<void> {
    const prompt = kind === 'console' ? '$ ' : '';
    let printed: string[] | undefined;
    for (const line of text.split('\n')) {
      if (!line.startsWith(prompt)) {
        // (nothing to compare with where the program was not run)
        if (printed) same(printed.shift(), withoutTimes(line), `${where}: ${line}`);
      } else if (line.trim() !== '' && !line.startsWith('#')) {
        const words = line.slice(prompt.length).replace(/\s+#.*$/, '');
        for (const one of words.split(' && ')) printed = await this.#command(one.trim(), where);
      }
    }
  }

  async #command(line: string, where: string): Promise<string[] | undefined> {
    this.commands += 1;
    if (NOT_RUN.test(line)) return undefined;
    const words = wordsOf(line);
    if (words[0] === 'npm') {
      const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Script;
      const script = words[1] === 'run' ? words[2] : words[1];
      same(['ci', ...Object.keys(scripts)].includes(script), true, `${where}: npm run ${script}`);
      return undefined;
    }
    const isOwn = words[1] === 'dist/cli.js' || (words[0] === 'npx' && words[1] === 'webgpu-em');
    const own = isOwn ? 2 : words[0] === 'webgpu-em' ? 1 : undefined;
    if (own !== undefined) {
      const { exitCode, stdout, stderr } = await command(words.slice(own));
      same(exitCode, 0, `${where}: ${stderr}`);
      return stdout.split('\n').map(withoutTimes);
    }
    if (words[0] === 'node' && words[1]?.startsWith('docs/')) {
      // a script that the page shows above, and has been run from there
      const script = readFileSync(join(root, words[1]), 'utf8').trimEnd();
      same(this.#scripts.includes(script), true, `${where}: ${words[1]} is not shown above`);
      for (const file of words.slice(2)) {
        const folderOfFile = join(this.folder, dirname(file));
        same(existsSync(folderOfFile), true, `${where}: ${file}`);
      }
      return this.#printed.map(withoutTimes);
    }
    throw new Error(`${where}: what runs "${line}"?`);
  }
}

function same(actual: unknown, expected: unknown, where: string): void {
  expect(actual, where).toBe(expected);
}

/** Words as a shell takes them apart; quotes keep spaces. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c);
}

/** A line of output without what differs from run to run and machine to machine. */
function withoutTimes(line: string): string {
  return line
    .replace(/\b[\d.]+ s\b/g, '# s')
    .replace(/up to \d+ threads?/, 'up to # threads')
    .replace(/(difference) [\d.e+-]+/, '$1 #')
    .trimEnd();
}
