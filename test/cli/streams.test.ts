import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readMixture, type GaussianMixture } from '../../src/index.ts';
import { arrowFile, parquetFile, rounded } from '../io/stream-files.ts';
import { hashgen } from '../support/hashgen.ts';
import {
  command,
  expectSentenceAndHint,
  FAITHFUL,
  IRIS_WITH_TEXT,
  linesOf,
  readJson,
  readLines,
  rootFile,
  temporaryFolder,
} from './support.ts';

const options = ['--components', '2', '--seed', '1', '--backend', 'cpu', '--json'];

interface Result {
  readonly lowerBound: number;
  readonly nSamples: number;
  readonly columnNames: string[];
  readonly labelCounts: number[];
  readonly bic: number;
  readonly model: { readonly converged: boolean };
}

async function fit(...words: string[]): Promise<Result> {
  const { exitCode, stdout, stderr } = await command(['fit', ...words]);
  expect([exitCode, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Result;
}

describe('a file that is read a chunk at a time', () => {
  it('is never written over', async () => {
    const input = join(temporaryFolder(), 'x.f32');
    writeFileSync(input, new Uint8Array(rounded.buffer));
    for (const option of ['--labels', '--out']) {
      const words = ['fit', input, '--features', '2', ...options, option, input];
      const result = await command(words);
      expectSentenceAndHint(result);
      expect(result.stderr).toContain('it is the file that is read');
    }
    expect(readFileSync(input).byteLength).toBe(rounded.byteLength);
  });

  it('is fitted as the CSV file is, whatever its format and the memory limit', async () => {
    const folder = temporaryFolder();
    const write = (name: string, bytes: Uint8Array): string => {
      writeFileSync(join(folder, name), bytes);
      return join(folder, name);
    };
    const csv = await fit(FAITHFUL, ...options);
    expect(csv.nSamples).toBe(272);
    const files = [
      [FAITHFUL],
      [rootFile('test/fixtures/npy/f8.npy')],
      [write('x.f32', new Uint8Array(rounded.buffer)), '--features', '2'],
      [write('x.parquet', parquetFile())],
      [write('x.arrow', arrowFile('file'))],
    ];
    for (const words of files) {
      for (const limit of ['0', '64M']) {
        const found = await fit(...words, ...options, '--memory-limit', limit);
        expect(found.nSamples, words[0]).toBe(272);
        expect(Math.abs(found.lowerBound - csv.lowerBound), words[0]).toBeLessThan(1e-6);
        expect(Math.abs(found.bic - csv.bic), words[0]).toBeLessThan(1e-3);
        expect(found.labelCounts).toEqual(csv.labelCounts);
      }
    }
  });

  it('has its labels written as they come, and is labelled by a model', async () => {
    const folder = temporaryFolder();
    const [model, labels, again] = ['m.json', 'l.csv', 'p.csv'].map((name) => join(folder, name));
    const limit = ['--memory-limit', '1K'];
    const files = ['--out', model, '--labels', labels];
    const found = await fit(FAITHFUL, ...options, ...limit, ...files);
    expect(readLines(labels)).toHaveLength(273);
    expect(readJson(model)['columnNames']).toEqual(found.columnNames);
    const predict = ['predict', FAITHFUL, '--model', model, '--backend', 'cpu'];
    const whole = await command([...predict, '--proba']);
    const stream = await command([...predict, '--proba', ...limit]);
    expect(stream.stdout).toBe(whole.stdout);
    expect(linesOf(stream.stdout).map((line) => line.split(',')[0])).toEqual(readLines(labels));
    const { exitCode, stdout } = await command([...predict, ...limit, '--labels', again]);
    expect([exitCode, readLines(again)]).toEqual([0, readLines(labels)]);
    expect(stdout).toMatch(/272 of 2 features/);
    const npy = await command(['predict', rootFile('test/fixtures/npy/f4.npy'), '--model', model]);
    expect(linesOf(npy.stdout)).toEqual(readLines(labels));
  });

  it('that breaks in mid-fit leaves its model, which --warm-start goes on from to the same end', async () => {
    const folder = temporaryFolder();
    const [file, model] = [join(folder, 'x.f32'), join(folder, 'm.json')];
    const { data } = hashgen({
      seed: 3,
      n: 60_000,
      k: 3,
      d: 2,
      kind: 'diag',
      sep: 2,
      corr: 0,
      smin: 0.5,
      smax: 1,
    });
    const bytes = new Uint8Array(Float32Array.from(data).buffer);
    writeFileSync(file, bytes);
    const words = (iterations: number): string[] =>
      `fit ${file} --features 2 -k 3 --covariance diag --tol 0 --backend cpu --memory-limit 0 --max-iter ${iterations}`.split(
        ' ',
      );
    const whole = join(folder, 'whole.json');
    // (the line is written every 80 ms: enough iterations that a fast machine writes one before the last)
    const iterations = 20;
    expect((await command([...words(iterations), '--out', whole])).exitCode).toBe(0);

    let cut = false;
    const broken = await command([...words(iterations), '--out', model], {
      isTTY: true,
      onStderr(text) {
        if (cut || !/iteration ([2-9]|1\d)\b/.test(text)) return;
        cut = true;
        truncateSync(file, 8 * 1000 + 3);
      },
    });
    expect(cut).toBe(true);
    expect(broken.exitCode).toBe(1);
    expect(broken.stderr).toMatch(/byte 8003 \(sample 1000\)|has 8003 bytes where it had 480000/);
    expect(broken.stderr).toContain(`--warm-start ${model}`);
    const { nIter } = readMixture(readFileSync(model, 'utf8'));
    expect(nIter).toBeGreaterThanOrEqual(2);

    writeFileSync(file, bytes);
    const resumed = await command([
      ...words(iterations - nIter),
      '--warm-start',
      model,
      '--out',
      model,
    ]);
    expect(resumed.exitCode).toBe(0);
    const [a, b] = [whole, model].map(
      (path) => readMixture(readFileSync(path, 'utf8')) as GaussianMixture,
    );
    expect(Math.abs(a.lowerBound - b.lowerBound)).toBeLessThan(1e-9);
    a.means.forEach((mean, i) => expect(Math.abs(mean - b.means[i])).toBeLessThan(1e-9));
  });
});

describe('a call that cannot be', () => {
  it.each([
    [['fit', 'x.npy', '-k', '2', '--browser'], /takes all samples of a CSV file into memory/],
    [
      ['fit', FAITHFUL, '-k', '2', '--browser', '--memory-limit', '1'],
      /larger than --memory-limit/,
    ],
    [
      ['fit', FAITHFUL, '-k', '2', '--memory-limit', 'much'],
      /--memory-limit needs a number of bytes/,
    ],
    [['fit', FAITHFUL, '-k', '2', '--format', 'xls'], /--format/],
    [['fit', 'nowhere.npy', '-k', '2'], /cannot be opened/],
    [['fit', FAITHFUL, '-k', '2', '--format', 'float32'], /How many features/],
    [['fit', FAITHFUL, '-k', '2', '--format', 'float32', '--features', '3'], /the last sample has/],
    [
      ['fit', IRIS_WITH_TEXT, '-k', '2', '--family', 'categorical', '--memory-limit', '1'],
      /words are not read from a file larger/,
    ],
  ])('%s', async (words, message) => {
    const result = await command(words);
    expectSentenceAndHint(result);
    expect(result.stderr).toMatch(message);
    expect(result.exitCode).toBeGreaterThan(0);
  });

  it('of --json with the labels of a large file', async () => {
    const folder = temporaryFolder();
    const model = join(folder, 'm.json');
    await fit(FAITHFUL, ...options, '--out', model);
    const result = await command([
      'predict',
      FAITHFUL,
      '--model',
      model,
      '--json',
      '--memory-limit',
      '1',
    ]);
    expectSentenceAndHint(result);
    expect(result.stderr).toMatch(/labels of all samples/);
  });
});
