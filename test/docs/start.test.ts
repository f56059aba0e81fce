import { exec } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { packedFiles } from './packed-files.ts';
import { pageParts } from './page-parts.ts';
import { root } from './run-page.ts';

test('"Start in five minutes" works as it is written, in a fresh folder, from the packed package', async () => {
  const home = mkdtempSync(join(tmpdir(), 'webgpu-em-start-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  await packedFiles(root, home);
  const tarball = join(
    home,
    readdirSync(home).find((name) => name.endsWith('.tgz'))!,
  );
  const folder = mkdtempSync(join(home, 'first-'));
  const page = readFileSync(join(root, 'docs/start.md'), 'utf8');
  expect(page).toContain('Save this as `fit.mjs`');

  let program = '';
  let output = '';
  /** What was printed, and what the page says: where its program is shown, and once when all of it is there. */
  const runs: { printed: string; shown: string }[] = [];
  for (const { kind, text } of pageParts(page)) {
    if (kind === 'ts') writeFileSync(join(folder, 'fit.mjs'), (program += `${text}\n`));
    if (kind === 'text') output += `${text}\n`;
    if ((kind === 'text' && runs.length === 0) || (kind === 'console' && runs.length === 1)) {
      runs.push({ printed: await shell('node fit.mjs'), shown: output });
    }
    if (kind !== 'sh' && kind !== 'console') continue;
    for (const command of text.split('\n')) await shell(command.replace(/^\$ /, ''));
  }
  expect(runs.map(({ printed }) => printed)).toEqual(runs.map(({ shown }) => shown));
  expect(runs).toHaveLength(2);
  expect(readdirSync(folder)).toEqual(
    expect.arrayContaining(['again.csv', 'fit.mjs', 'labels.csv', 'model.json']),
  );

  /** What a command prints; one that fails fails the test with its words. */
  async function shell(command: string): Promise<string> {
    // (the package as it is here, not as a registry has it)
    const local = command.replace(
      'npm install webgpu-em',
      `npm install --offline --no-audit --no-fund "${tarball}"`,
    );
    const { stdout } = await promisify(exec)(local, { cwd: folder });
    return stdout.replaceAll('\r\n', '\n');
  }
});
