import * as library from '../../src/index.ts';
import * as io from '../../src/io/index.ts';

/**
 * Runs a program that the page shows on the library's sources, and gives what it prints. `files`: where those that it reads lie.
 */
export async function runProgram(
  code: string,
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const names = new Map<string, unknown>();
  const packages: Record<string, Record<string, unknown>> = {
    'webgpu-em': library,
    'webgpu-em/io': {
      ...io,
      fromNodeFile: (name: string, options?: io.FileOptions) =>
        io.fromNodeFile(files[name], options),
    },
  };
  const body = code.replace(
    /^import \{ ([\w, ]+) \} from '([\w/-]+)';$/gm,
    (_line, list: string, from: string) => {
      for (const name of list.split(', ')) {
        const value = packages[from]?.[name];
        if (value === undefined) throw new Error(`${from} has no ${name}.`);
        names.set(name, value);
      }
      return '';
    },
  );
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
