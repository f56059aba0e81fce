import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { toMarkdown } from './report.ts';
import type { BenchResult } from './result.ts';

/**
 * Writes a result as JSON and, beside it, for people.
 *
 * @param out a file that ends in .json, or a folder: the file is then named by date and adapter
 * @returns the path of both, without its ending
 */
export function writeResult(out: string, result: BenchResult): string {
  const path = out.endsWith('.json') ? out.slice(0, -'.json'.length) : join(out, fileName(result));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.json`, `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(`${path}.md`, toMarkdown(result));
  return path;
}

function fileName({ stamp: { date, adapter } }: BenchResult): string {
  // Without the description in parentheses.
  const name = adapter.name.replace(/ *\(.*/, '') || adapter.name;
  return `${date.slice(0, 10)}-${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`;
}
