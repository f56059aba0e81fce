import { readFile } from 'node:fs/promises';
import * as library from '../../src/index.ts';
import * as io from '../../src/io/index.ts';

/**
 * Runs a program that the page shows on the library's sources and the packages that it names, and gives what it prints. `files`: where those that it reads lie.
 */
export async function runProgram(
  code: string,
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const names = new Map<string, unknown>();
  const known: Record<string, Record<string, unknown>> = {
    'node:fs/promises': {
      readFile: (name: string, encoding?: BufferEncoding) => readFile(files[name], encoding),
    },
    'webgpu-em': library,
    'webgpu-em/io': {
      ...io,
      fromNodeFile: (name: string, options?: io.FileOptions) =>
        io.fromNodeFile(files[name], options),
    },
  };
  const imports = /^import (?:\{ ([\w, ]+) \}|(\w+)) from '([\w@/:-]+)';$/gm;
  for (const [, list, whole, from] of code.matchAll(imports)) {
    const module = known[from] ?? ((await import(from)) as Record<string, unknown>);
    if (whole !== undefined) names.set(whole, module['default']);
    for (const name of list?.split(', ') ?? []) {
      if (module[name] === undefined) throw new Error(`${from} has no ${name}.`);
      names.set(name, module[name]);
    }
  }
  const body = code.replace(imports, '');
  if (/^import /m.test(body)) throw new Error(`An import could not be read in:\n${body}`);
  const printed: string[] = [];
  names.set('console', { log: (text: string) => printed.push(text) });
  // oxlint-disable-next-line typescript/no-implied-eval -- the page's own words
  const run = new Function(...names.keys(), `return (async () => {${body}\n})();`) as (
    ...values: unknown[]
  ) => Promise<void>;
  await run(...names.values());
  return printed.join('\n');
}
