import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { builtPage } from './setup/build-page.ts';

/** What a page may fetch before it runs: bytes of JavaScript as a server sends them, gzip at level 9. */
const FIRST_LOAD = 150_000;

/** Of Vite's manifest: a file, and what it imports with `import ... from`. */
interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
}

describe('the first load of a page', () => {
  let folder: string;
  let chunks: Readonly<Record<string, Chunk>>;

  beforeAll(async () => {
    folder = await builtPage();
    const manifest = readFileSync(join(folder, '.vite', 'manifest.json'), 'utf8');
    chunks = JSON.parse(manifest) as Record<string, Chunk>;
  });

  /** The page's script and everything that the browser fetches before it runs, largest first. */
  function firstLoad(page: string): { file: string; bytes: number }[] {
    const found = new Set<string>();
    const add = (name: string): void => {
      const { file, imports = [] } = chunks[name];
      if (found.has(file)) return;
      found.add(file);
      imports.forEach(add);
    };
    add(page);
    const html = readFileSync(join(folder, page), 'utf8');
    for (const [, file] of html.matchAll(/(?:src|href)="[./]*(assets\/[^"]+\.js)"/g))
      found.add(file);
    return [...found]
      .map((file) => ({
        file,
        bytes: gzipSync(readFileSync(join(folder, file)), { level: 9 }).length,
      }))
      .sort((a, b) => b.bytes - a.bytes);
  }

  test.each(['index.html', 'digits/index.html', 'bench/index.html', 'learn/index.html'])(
    `%s: below ${FIRST_LOAD} bytes of compressed JavaScript`,
    (page) => {
      const files = firstLoad(page);
      const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
      const list = files.map((file) => `${file.bytes} ${file.file}`).join('\n');
      expect(bytes, `${page}: ${bytes} bytes in ${files.length} files\n${list}`).toBeLessThan(
        FIRST_LOAD,
      );
    },
  );

  test('is measured of every page that is built', () => {
    const pages = Object.keys(chunks).filter((name) => chunks[name].isEntry === true);
    expect(pages.sort()).toEqual([
      'bench/index.html',
      'digits/index.html',
      'index.html',
      'learn/index.html',
    ]);
  });
});
