import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import * as library from '../src/index.ts';
import { fromNodeFile as openStream } from '../src/io/index.ts';
import { threeClusters } from './support/behaviour/side.ts';

const text = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
/** The rows of the table of features: what it is, the line, the page. */
const rows = [...text.matchAll(/^\| ([^|]+) \| (.*`.+`.*) \| \[[^\]]+\]\(([^)]+)\) \|$/gm)];

const NPY = fileURLToPath(new URL('fixtures/npy/f8.npy', import.meta.url));

/** Names that the lines use. */
async function names(): Promise<Record<string, unknown>> {
  const { samples, labels } = threeClusters();
  const context = await library.createContext({ backend: 'cpu' });
  const mixture = await library.GaussianMixture.fit(samples, { nComponents: 8, context });
  const fit = (given: typeof samples, options: library.GaussianMixtureOptions): unknown =>
    library.GaussianMixture.fit(given, { maxIter: 20, ...options, context });
  const chunk = samples;
  // (a file that is here)
  const fromNodeFile = (): Promise<unknown> => openStream(NPY);
  return { ...library, samples, labels, mixture, fit, chunk, fromNodeFile };
}

describe('the features in the README', () => {
  test('are all there', () => {
    expect(rows.length).toBeGreaterThanOrEqual(13);
  });

  test.each(rows.map(([, what, line, page]) => ({ what, line, page })))(
    '$what: the line runs, the page exists',
    async ({ line, page }) => {
      expect(readFileSync(new URL(`../${page}`, import.meta.url), 'utf8')).toMatch(/^# /);
      const scope = await names();
      const [code] = /`([^`]+)`/.exec(line)!.slice(1);
      // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the README's own words
      const run = new Function(
        ...Object.keys(scope),
        `return (async () => { const result = await (${code.replace(/^await /, '')}); return result; })();`,
      ) as (...values: unknown[]) => Promise<unknown>;
      expect(await run(...Object.values(scope))).toBeTypeOf('object');
    },
  );
});
