import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  builtCommand,
  command,
  expectSentenceAndHint,
  FAITHFUL,
  rootFile,
  temporaryFolder,
} from './support.ts';

describe('dist/cli.js', () => {
  it('says nothing but its result in a pipe', async () => {
    const stdin = readFileSync(FAITHFUL, 'utf8');
    const { exitCode, stdout, stderr } = await builtCommand(['fit', '-', '-k', '2', '--json'], {
      stdin,
    });
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    const result = JSON.parse(stdout) as { model: unknown };
    // The bundle computes what the sources compute.
    const source = await command(['fit', FAITHFUL, '-k', '2', '--json']);
    expect(result.model).toEqual((JSON.parse(source.stdout) as { model: unknown }).model);
  });

  it('tells the errors of the library and of the CSV reader alike', async () => {
    const tooMany = await builtCommand(['fit', FAITHFUL, '-k', '1000']);
    const notCsv = await builtCommand(['fit', '-', '-k', '1'], { stdin: 'x,y\n1,2\n3\n' });
    for (const result of [tooMany, notCsv]) {
      expectSentenceAndHint(result);
      expect(result.exitCode).toBe(2);
    }
  });
});

describe('without the optional packages', () => {
  /** The package as npm installs it, alone in a folder. */
  function installedAlone(): string {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'dist'));
    for (const file of ['dist/cli.js', 'dist/index.js', 'package.json']) {
      cpSync(rootFile(file), join(folder, file));
    }
    return folder;
  }

  it('fits on the CPU', async () => {
    const file = join(installedAlone(), 'dist', 'cli.js');
    const { exitCode, stdout, stderr } = await builtCommand(['fit', FAITHFUL, '-k', '2'], { file });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^Backend +cpu\./m);
    expect(exitCode).toBe(0);
  });

  it.each([
    ['--backend=webgpu', 'webgpu', /npm install webgpu.*--browser/],
    ['--browser', 'playwright-core', /npm install playwright-core/],
  ])('%s says which package is missing', async (option, name, hint) => {
    const file = join(installedAlone(), 'dist', 'cli.js');
    const result = await builtCommand(['fit', FAITHFUL, '-k', '2', option], { file });
    expectSentenceAndHint(result);
    expect(result.stderr).toContain(`"${name}"`);
    expect(result.stderr).toMatch(hint);
    expect(result.exitCode).toBe(1);
  });

  it('--backend webgpu asks the package "webgpu" for an adapter', async () => {
    const folder = installedAlone();
    const fake = join(folder, 'node_modules', 'webgpu');
    mkdirSync(fake, { recursive: true });
    writeFileSync(join(fake, 'package.json'), '{"name":"webgpu","type":"module","main":"i.js"}');
    writeFileSync(
      join(fake, 'i.js'),
      'export const globals = {}; export const create = () => ({ requestAdapter: async () => null });',
    );
    const file = join(folder, 'dist', 'cli.js');
    const result = await builtCommand(['fit', FAITHFUL, '-k', '2', '--backend=webgpu'], { file });
    expectSentenceAndHint(result);
    expect(result.stderr).toContain('adapter');
    expect(result.exitCode).toBe(1);
  });
});
