import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  builtCommand,
  command,
  expectSentenceAndHint,
  FAITHFUL,
  IRIS,
  readLines,
  rootFile,
  temporaryFolder,
} from './support.ts';

interface FitResult {
  lowerBound: number;
  bic: number;
  nIter: number;
  labelCounts: number[];
  backend: { backend: string; adapter: string | null; software: boolean };
}

describe('--browser', () => {
  it.each([
    ['Old Faithful', FAITHFUL],
    ['iris', IRIS],
  ])('fits %s in Chrome on WebGPU as the CPU does', async (_, file) => {
    const words = ['fit', file, '-k', '2', '--seed', '3', '--json'];
    const browser = await builtCommand([...words, '--browser']);
    expect(browser.stderr).toBe('');
    expect(browser.exitCode).toBe(0);
    const onGpu = JSON.parse(browser.stdout) as FitResult;
    expect(onGpu.backend.backend).toBe('webgpu');
    expect(onGpu.backend.adapter).toBeTruthy();
    const onCpu = JSON.parse((await command([...words, '--backend', 'cpu'])).stdout) as FitResult;
    expect(Object.keys(onGpu)).toEqual(Object.keys(onCpu));
    expect(Math.abs(onGpu.lowerBound - onCpu.lowerBound)).toBeLessThan(1e-5);
    expect(onGpu.nIter).toBe(onCpu.nIter);
    expect(onGpu.labelCounts).toEqual(onCpu.labelCounts);
  });

  it('predicts what the CPU predicts, with probabilities', async () => {
    const folder = temporaryFolder();
    const [model, fromBrowser, fromCpu] = ['model.json', 'browser.csv', 'cpu.csv'].map((name) =>
      join(folder, name),
    );
    await command(['fit', IRIS, '-k', '3', '--out', model, '--quiet']);
    const words = ['predict', IRIS, '-m', model, '--proba', '--quiet', '--labels'];
    expect(await command([...words, fromBrowser, '--browser'])).toMatchObject({ exitCode: 0 });
    expect(await command([...words, fromCpu])).toMatchObject({ exitCode: 0 });
    const rows = readLines(fromBrowser).map((line) => line.split(','));
    const expected = readLines(fromCpu).map((line) => line.split(','));
    expect(rows[0]).toEqual(expected[0]);
    rows.slice(1).forEach((row, sample) => {
      row.forEach((cell, column) => {
        expect(Number(cell)).toBeCloseTo(Number(expected[sample + 1][column]), 4);
      });
    });
  });

  it('fits counts with missing values under a prior, and fills these in, as the CPU does', async () => {
    const folder = temporaryFolder();
    const rows = Array.from({ length: 90 }, (_, n) => {
      const [a, b] = n % 2 === 0 ? [20 + (n % 5), n % 3] : [n % 4, 12 + (n % 6)];
      return n % 7 === 0 ? `${a},` : `${a},${b}`;
    });
    const stdin = `a,b\n${rows.join('\n')}\n`;
    const words = ['fit', '-', '-k', '2', '--family', 'poisson', '--a', '2', '--b', '1', '--json'];
    const model = join(folder, 'm.json');
    const browser = await builtCommand([...words, '--out', model, '--browser'], { stdin });
    const onGpu = JSON.parse(browser.stdout) as FitResult;
    const onCpu = JSON.parse((await command(words, { stdin })).stdout) as FitResult;
    expect(onGpu.backend.backend).toBe('webgpu');
    expect(onGpu.nIter).toBe(onCpu.nIter);
    expect(Math.abs(onGpu.lowerBound - onCpu.lowerBound)).toBeLessThan(1e-5);
    const impute = ['impute', '-', '-m', model];
    const filled = await command([...impute, '--browser'], { stdin });
    expect(filled.exitCode).toBe(0);
    const expected = await command(impute, { stdin });
    const [numbers, cpuNumbers] = [filled, expected].map(({ stdout }) =>
      stdout
        .split('\n')
        .slice(1, -1)
        .flatMap((line) => line.split(',').map(Number)),
    );
    expect(numbers).toHaveLength(180);
    expect(numbers).toEqual(cpuNumbers.map((number) => expect.closeTo(number, 4)));
  });

  it('shows progress, and closes the browser when interrupted', async () => {
    const interruption = new AbortController();
    const result = await command(
      ['fit', FAITHFUL, '-k', '2', '--tol', '0', '--max-iter', '1000000', '--browser'],
      {
        isTTY: true,
        signal: interruption.signal,
        onStderr: (text) => {
          if (text.includes('iteration')) interruption.abort();
        },
      },
    );
    expect(result.stderr).toContain('starting the browser');
    expect(result.stderr).toMatch(/webgpu-em: Interrupted\.\n$/);
    expect(result.exitCode).toBe(130);
  });

  it('brings an error of the fit out of the page', async () => {
    const file = rootFile('test/fixtures/awkward/06-constant-and-duplicate-columns.csv');
    const words = ['fit', file, '-k', '2', '--reg-covar', '0'];
    const [browser, cpu] = [await command([...words, '--browser']), await command(words)];
    expectSentenceAndHint(browser);
    expect(browser.exitCode).toBe(cpu.exitCode);
  });
});
