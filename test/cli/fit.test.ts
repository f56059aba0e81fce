import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GaussianMixture, type Diagnostics } from '../../src/index.ts';
import {
  command,
  expectSentenceAndHint,
  FAITHFUL,
  IRIS,
  IRIS_WITH_TEXT,
  readJson,
  readLines,
  rootFile,
  temporaryFolder,
} from './support.ts';

const TO_THE_END = ['--tol', '1e-10', '--max-iter', '1000'];

async function fitJson(words: string[], stdin = ''): Promise<Record<string, unknown>> {
  const { exitCode, stdout, stderr } = await command(['fit', ...words, '--json'], { stdin });
  expect(stderr.replace(/^Note: .*\n/gm, '')).toBe('');
  expect(exitCode).toBe(0);
  expect(stdout.indexOf('\n')).toBe(stdout.length - 1);
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe('webgpu-em fit', () => {
  it('finds the published optimum of Old Faithful', async () => {
    const result = await fitJson([FAITHFUL, '--components', '2', '--seed', '1', ...TO_THE_END]);
    expect(result).toMatchObject({
      nSamples: 272,
      nFeatures: 2,
      columnNames: ['eruptions', 'waiting'],
      skippedColumns: [],
      constantColumns: [],
      converged: true,
      nParameters: 11,
      backend: { backend: 'cpu', adapter: null },
    });
    // mclust, VVV with two components: log-likelihood -1130.264, BIC -2322.192 in its sign.
    expect(result['bic']).toBeCloseTo(2322.192, 2);
    expect(result['lowerBound']).toBeCloseTo(-1130.264 / 272, 5);
    expect(result['score']).toBeCloseTo(-1130.264 / 272, 5);
    expect((result['labelCounts'] as number[]).toSorted((a, b) => a - b)).toEqual([97, 175]);
    const model = GaussianMixture.fromJSON(result['model']);
    expect(model.nIter).toBe(result['nIter']);
    expect(model.lowerBound).toBe(result['lowerBound']);
  });

  it('finds the published optimum of iris', async () => {
    const result = await fitJson([IRIS, '-k', '3', '--seed', '0', ...TO_THE_END]);
    // mclust, VVV with three components.
    expect(result['bic']).toBeCloseTo(580.839, 2);
  });

  it('assigns hard, and ends restarts that fall behind', async () => {
    const words = [IRIS, '-k', '3', '--restarts', '8', '--tol', '0', '--max-iter', '12'];
    const all = await fitJson(words);
    const halved = await fitJson([...words, '--drop-restarts']);
    type Restarts = { nIter: number; dropped: boolean }[];
    expect((all['restarts'] as Restarts).map(({ nIter }) => nIter)).toEqual(Array(8).fill(12));
    const dropped = (halved['restarts'] as Restarts).filter((restart) => restart.dropped);
    expect(dropped.map(({ nIter }) => nIter).toSorted((a, b) => a - b)).toEqual([4, 4, 4, 4, 8, 8]);
    const hard = await fitJson([IRIS, '-k', '3', '--assignment', 'hard']);
    // the classification likelihood is below the mixture's
    expect(hard['lowerBound']).toBeLessThan(hard['score'] as number);
  });

  it('prints a summary that a person can read', async () => {
    const words = ['fit', FAITHFUL, '-k', '2', '--covariance', 'tied', '--backend', 'cpu'];
    const { exitCode, stdout, stderr } = await command(words);
    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^Samples +272 of 2 features, from .*faithful\.csv$/m);
    expect(stdout).toMatch(/^Mixture +2 components, tied covariance, 8 free parameters$/m);
    expect(stdout).toMatch(/^Backend +cpu\. \S.*\.$/m);
    expect(stdout).toMatch(/^Converged +yes, \d+ iterations, [\d.]+ s$/m);
    expect(stdout).toMatch(/^Log-likelihood +-4\.\d+ per sample$/m);
    expect(stdout).toMatch(/^BIC +\d+/m);
    expect(stdout).toMatch(/^AIC +\d+/m);
    expect(stdout).toMatch(/^component +weight +samples +column +mean +standard deviation$/m);
    expect(stdout.match(/^ +[01] +0\.\d+ +\d+ +eruptions +[\d.]+ +[\d.]+$/gm)).toHaveLength(2);
    expect(stdout.match(/^ +waiting +[\d.]+ +[\d.]+$/gm)).toHaveLength(2);
  });

  it('tells where the time until the first iteration went', async () => {
    const { timings } = await fitJson([IRIS, '-k', '3', '--backend', 'cpu']);
    const parts = timings as Record<string, number>;
    expect(parts).toMatchObject({ upload: 0, compile: 0 });
    expect(Math.min(parts['check'], parts['init'], parts['firstIteration'])).toBeGreaterThan(0);
    expect(parts['total']).toBeGreaterThan(parts['init'] + parts['firstIteration']);
  });

  it('is the same from a file, from standard input and with chosen columns', async () => {
    const words = ['-k', '3', '--seed', '7'];
    const fromFile = await fitJson([IRIS, ...words]);
    const fromInput = await fitJson(['-', ...words], readFileSync(IRIS, 'utf8'));
    const chosen = await fitJson([
      IRIS_WITH_TEXT,
      ...words,
      '--columns',
      'sepal length,"sepal width"',
      '--columns',
      '5,6',
    ]);
    expect(fromInput['model']).toEqual(fromFile['model']);
    expect(chosen['model']).toEqual(fromFile['model']);
    expect(chosen['columnNames']).toEqual(fromFile['columnNames']);
  });

  it('is the same from a table by spaces with prose above and numbers of rows', async () => {
    const rows = readFileSync(FAITHFUL, 'utf8').trim().split('\n');
    const table = rows.map((row, n) => `${n === 0 ? '' : n}   ${row.replace(',', '    ')}\n`);
    const prose = 'Old Faithful Geyser Data\n\nMinutes of 272 eruptions,\nand until the next.\n\n';
    const words = ['fit', '-', '-k', '2', '--backend', 'cpu'];
    const { stdout, stderr } = await command(words, { stdin: prose + table.join('') });
    expect(stderr).toBe('Note: column "row" is left out: names of rows.\n');
    const expected = await command(['fit', FAITHFUL, ...words.slice(2)]);
    const model = (text: string) => text.slice(text.indexOf('Log-likelihood'));
    expect(model(stdout)).toBe(model(expected.stdout));
    expect(stdout).toMatch(/^Samples +272 of 2 features/m);
  });

  it('leaves text columns out and says so', async () => {
    const { exitCode, stderr } = await command(['fit', IRIS_WITH_TEXT, '-k', '2']);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('Note: column "species" is left out: text (line 2: "Iris, setosa").');
  });

  it('passes on what the library warns of', async () => {
    const file = rootFile('test/fixtures/awkward/06-constant-and-duplicate-columns.csv');
    const words = ['fit', file, '-k', '2', '--max-iter', '1', '--covariance', 'diag'];
    const { exitCode, stdout, stderr } = await command(words);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^Note: .*did not converge in 1 iteration/m);
    expect(stderr).toMatch(/^Note: Constant columns \(1\)/m);
    expect(stdout).toMatch(/^Converged +no, 1 iteration,/m);
    const { warnings } = await fitJson(words.slice(1));
    expect(warnings).toMatchObject([
      { code: 'NOT_CONVERGED', details: { nIter: 1 } },
      { code: 'CONSTANT_COLUMNS', details: { columns: [1] } },
    ]);
  });

  it('adds diagnostics where asked, as a table and as data', async () => {
    const words = [IRIS, '-k', '3', '--seed', '0', '--diagnose'];
    const { stdout } = await command(['fit', ...words]);
    expect(stdout).toMatch(
      /^Ambiguous +[\d.]+ % of the samples \(largest responsibility below 0\.8\)$/m,
    );
    expect(stdout).toMatch(/^Effective +2\.9\d+ of 3 components$/m);
    expect(stdout).toMatch(
      /^component +mass +ambiguous +entropy .*smallest eigenvalue +condition/m,
    );
    const { diagnostics, labelCounts } = (await fitJson(words)) as {
      diagnostics: Diagnostics;
      labelCounts: number[];
    };
    expect(diagnostics.components.map(({ nAssigned }) => nAssigned)).toEqual(labelCounts);
    expect(diagnostics.components[0].covariance!.smallestEigenvalue).toBeGreaterThan(0);
    const plain = await fitJson([IRIS, '-k', '3']);
    expect(plain).not.toHaveProperty('diagnostics');
    const counts = await command(['fit', '-', '-k', '1', '--family', 'poisson', '--diagnose'], {
      stdin: 'a\n1\n2\n4\n',
    });
    expect(counts.stdout).toMatch(/^component +mass +ambiguous +entropy +heaviest sample$/m);
  });

  it('reads a file without a header when told so', async () => {
    const text = '2019,1\n2020,2\n2021,4\n2022,3\n';
    expect(await fitJson(['-', '-k', '1', '--no-header'], text)).toMatchObject({ nSamples: 4 });
    expect(await fitJson(['-', '-k', '1', '--header'], text)).toMatchObject({ nSamples: 3 });
    const tabs = text.replaceAll(',', '\t');
    expect(await fitJson(['-', '-k', '1', '--delimiter', 'tab'], tabs)).toMatchObject({
      nSamples: 4,
      nFeatures: 2,
    });
  });

  it('writes the model, which the library reads, and the labels', async () => {
    const folder = temporaryFolder();
    const [model, labels] = [join(folder, 'model.json'), join(folder, 'labels.csv')];
    const result = await fitJson([FAITHFUL, '-k', '2', '--out', model, '--labels', labels]);
    const mixture = GaussianMixture.fromJSON(readJson(model));
    const { columnNames, ...saved } = mixture.toJSON();
    expect(saved).toEqual(result['model']);
    expect(columnNames).toEqual(['eruptions', 'waiting']);
    const [header, ...rows] = readLines(labels);
    expect(header).toBe('label');
    const counts = [0, 1].map((label) => rows.filter((row) => row === String(label)).length);
    expect(counts).toEqual(result['labelCounts']);
  });

  it('is silent with --quiet, but still writes', async () => {
    const model = join(temporaryFolder(), 'model.json');
    const words = ['fit', IRIS_WITH_TEXT, '-k', '2', '--quiet', '--out', model];
    expect(await command(words, { isTTY: true })).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(readJson(model)['columnNames']).toHaveLength(4);
  });
});

describe('a fit that fails', () => {
  it('ends with 1, and writes nothing', async () => {
    const folder = temporaryFolder();
    const model = join(folder, 'model.json');
    const file = rootFile('test/fixtures/awkward/06-constant-and-duplicate-columns.csv');
    const result = await command(['fit', file, '-k', '2', '--reg-covar', '0', '--out', model]);
    expectSentenceAndHint(result);
    expect(result.exitCode).toBe(1);
    expect(() => readJson(model)).toThrow('ENOENT');
  });
});

describe('progress', () => {
  it('is one line on a terminal, written over and cleared', async () => {
    const { stdout, stderr } = await command(
      ['fit', FAITHFUL, '-k', '2', '--restarts', '3', ...TO_THE_END],
      { isTTY: true },
    );
    expect(stderr).not.toContain('\n');
    const frames = stderr.split('\r\u001b[K');
    expect(frames).toContainEqual(
      expect.stringMatching(/^restart 1\/3 {2}iteration \d+ {2}lower bound -\d+\.\d+/),
    );
    expect(frames.at(-1)).toBe('');
    expect(stdout).toContain('in the best of 3 restarts');
  });

  it('ends with the fit when it is interrupted, with 130', async () => {
    const interruption = new AbortController();
    const result = await command(
      ['fit', FAITHFUL, '-k', '2', '--tol', '0', '--max-iter', '1000000000'],
      {
        isTTY: true,
        signal: interruption.signal,
        onStderr: (text) => {
          if (text.includes('iteration')) interruption.abort();
        },
      },
    );
    expect(result.exitCode).toBe(130);
    expect(result.stdout).toBe('');
    expect(result.stderr.endsWith('\r\u001b[Kwebgpu-em: Interrupted.\n')).toBe(true);
  });
});

describe('webgpu-em fit --escape and --annealing', () => {
  const words = [FAITHFUL, '--components', '3', '--tol', '1e-6', '--max-iter', '1000'];

  it('leave a poor maximum', async () => {
    const plain = await fitJson(words);
    const moved = await fitJson([...words, '--escape', 'split-merge']);
    const restarts = moved['restarts'] as { moves: { tried: number; accepted: number } }[];
    // the best of 100 seeds (docs/escape.md)
    expect(moved['lowerBound']).toBeCloseTo(-4.0972, 3);
    expect(moved['lowerBound'] as number).toBeGreaterThan(plain['lowerBound'] as number);
    expect(restarts[0].moves.accepted).toBeGreaterThan(0);
    const annealed = await fitJson([...words, '--annealing']);
    expect(annealed['lowerBound']).not.toBe(plain['lowerBound']);
  });

  it('the summary counts the moves, and another word is refused', async () => {
    const { stdout } = await command(['fit', ...words, '--escape', 'split-merge']);
    expect(stdout).toMatch(/Moves +\d+ of \d+ split-and-merge moves accepted/);
    const refused = await command(['fit', ...words, '--escape', 'split']);
    expect(refused.exitCode).toBe(2);
    expectSentenceAndHint(refused);
  });
});
