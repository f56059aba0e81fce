import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { root, runPage } from './run-page.ts';

// Every snippet on the site and in the README: ts and js are run from the sources on the CPU, the command's lines by the command.
// Python is not: scikit-learn is no part of a clean machine (the two scripts' output is in test/fixtures/scikit-learn).
const pages = readdirSync(`${root}/docs`)
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);

test.each(['README.md', ...pages])('the snippets of %s run', async (page) => {
  const { snippets, commands } = await runPage(page);
  expect(snippets + commands).toBeGreaterThanOrEqual(0);
});
