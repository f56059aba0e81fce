import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { pageParts } from './page-parts.ts';
import { root, runPage } from './run-page.ts';

// Every snippet on the site and in the README: ts and js are run from the sources on the CPU, the command's lines by the command.
// Python is not: scikit-learn is no part of a clean machine (the two scripts' output is in test/fixtures/scikit-learn).
const pages = readdirSync(join(root, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);

test.each(['README.md', ...pages])('the snippets of %s run', async (page) => {
  const kinds = pageParts(readFileSync(join(root, page), 'utf8')).map(({ kind }) => kind);
  const { snippets } = await runPage(page);
  expect(snippets).toBe(kinds.filter((kind) => kind === 'ts' || kind === 'js').length);
});

test.each([
  ['a snippet that throws', '```ts\nthrow new Error("so it is");\n```', 'so it is'],
  ['a name that no one made', '```ts\nunknownName();\n```', 'unknownName is not defined'],
  ['output that is not so', '```ts\nconsole.log(1 + 1);\n```\n```text\n3\n```', "to be '3'"],
  ['an error that does not come', '```ts\n1;\n```\n```text\nNO_MODE: …\n```', 'NO_MODE'],
  ['a check that is false', '```ts\nconst a = 1;\n```\n<!-- check\na === 2\n-->', 'a === 2'],
  ['a script that npm does not know', '```sh\nnpm run nothing\n```', 'npm run nothing'],
  ['an option that the command does not know', '```sh\nwebgpu-em fit --nonsense\n```', 'nonsense'],
  ['a language that nothing runs', '```rust\nfn main() {}\n```', 'rust'],
])('%s fails its page, by file and line', async (_, text, says) => {
  const folder = mkdtempSync(join(tmpdir(), 'webgpu-em-page-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const page = join(folder, 'page.md');
  writeFileSync(page, `# A page\n\n${text}\n`);
  const failed = runPage(page);
  await expect(failed).rejects.toThrow(says);
  await expect(failed).rejects.toThrow(/page\.md:\d+/);
});
