import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readMixture } from '../../src/index.ts';
import {
  builtCommand,
  command,
  expectSentenceAndHint,
  FAITHFUL,
  readJson,
  readLines,
  temporaryFolder,
} from './support.ts';

interface Row {
  nComponents: number;
  covarianceType: string | null;
  bic: number | null;
  aic: number | null;
  icl: number | null;
  nParameters: number | null;
  error: { code: string; message: string } | null;
}

interface Result {
  bic: number;
  nParameters: number;
  labelCounts: number[];
  seconds: number;
  backend: { backend: string };
  selection: { criterion: string; best: number; candidates: Row[]; warnings: { code: string }[] };
}

async function selectJson(words: string[], stdin = ''): Promise<Result> {
  const { exitCode, stdout, stderr } = await command(['fit', ...words, '--json'], { stdin });
  expect(stderr.replace(/^Note: .*\n/gm, '')).toBe('');
  expect(exitCode).toBe(0);
  return JSON.parse(stdout) as Result;
}

/** Rows of 0s and 1s of two kinds. */
const BITS = `a,b,c,d,e\n${Array.from({ length: 120 }, (_, n) =>
  Array.from({ length: 5 }, (__, d) =>
    Number((n * 7 + d * 3) % 11 === 0 ? n % 2 === 0 : n % 2),
  ).join(),
).join('\n')}\n`;

/** Ten equal samples beside ten others: of two components one has no spread at all. */
const SPIKE = `x,y\n${Array.from({ length: 20 }, (_, i) =>
  i < 10 ? '0,0' : `${5 + i},${((i * 7) % 10) + 9}`,
).join('\n')}\n`;

describe('webgpu-em fit --select', () => {
  it('prints the table of all, the best marked, and then the report of the best', async () => {
    const words = ['fit', FAITHFUL, '--components', '1-4', '--select', 'bic', '--restarts', '2'];
    const { exitCode, stdout, stderr } = await command(words);
    expect([exitCode, stderr]).toEqual([0, '']);
    const [table, report] = stdout.split('\n\n* The lowest is the best.\n\n');
    const [heading, ...rows] = table.split('\n');
    expect(heading.trim().split(/ {2,}/)).toEqual([
      'components',
      'covariance',
      'parameters',
      'log-likelihood',
      '* BIC',
      'AIC',
      'ICL',
      'fit',
    ]);
    expect(rows).toHaveLength(4);
    expect(rows.filter((row) => row.startsWith('best'))).toEqual([rows[1]]);
    // mclust, VVV with two components: log-likelihood -1130.264, BIC 2322.192 in this sign
    expect(rows[1]).toMatch(
      /^best +2 +full +11 +-1130\.26\d +2322\.19\d +2282\.5\d+ .* iterations$/,
    );
    expect(report).toMatch(/^Mixture +2 components, full covariance, 11 free parameters$/m);
    expect(report).toMatch(/^BIC +2322\.19/m);
    expect(report).toMatch(/^component +weight/m);
  });

  it('chooses among covariance types too, and --out and --labels have the best', async () => {
    const folder = temporaryFolder();
    const [model, labels] = [join(folder, 'm.json'), join(folder, 'l.csv')];
    const words = [
      '-k',
      '2,3,5',
      '--covariance',
      'full,tied',
      '--select',
      'bic',
      '--restarts',
      '5',
    ];
    const result = await selectJson([FAITHFUL, ...words, '--out', model, '--labels', labels]);
    const { candidates, best } = result.selection;
    expect(candidates.map((row) => [row.nComponents, row.covarianceType])).toEqual(
      ['full', 'tied'].flatMap((type) => [2, 3, 5].map((K) => [K, type])),
    );
    // mclust's choice: EEE with three components, BIC -2314.386
    expect(candidates[best]).toMatchObject({ nComponents: 3, covarianceType: 'tied' });
    expect(Math.abs(candidates[best].bic! - 2314.386)).toBeLessThan(0.5);
    expect(Math.min(...candidates.map(({ bic }) => bic!))).toBe(candidates[best].bic);
    expect(result.bic).toBeCloseTo(candidates[best].bic!, 6);
    expect(result.nParameters).toBe(candidates[best].nParameters);
    const written = readMixture(readJson(model));
    expect([written.nComponents, written.family.name]).toEqual([3, 'gaussian-tied']);
    const lines = readLines(labels).slice(1);
    expect(result.labelCounts).toEqual(
      [0, 1, 2].map((k) => lines.filter((line) => line === String(k)).length),
    );
  });

  it('compares mixtures of another family, under a prior', async () => {
    const words = ['-', '--family', 'bernoulli', '--a', '2', '--b', '2', '-k', '1-3'];
    const result = await selectJson([...words, '--select', 'icl', '--restarts', '3'], BITS);
    const { criterion, best, candidates } = result.selection;
    expect(criterion).toBe('icl');
    expect(candidates[best]).toMatchObject({
      nComponents: 2,
      covarianceType: null,
      nParameters: 11,
    });
    const { stdout } = await command(['fit', ...words, '--select', 'aic'], { stdin: BITS });
    expect(stdout).toMatch(/^ +components +parameters +log-likelihood +BIC +\* AIC +ICL +fit$/m);
    expect(stdout).toMatch(/^Prior +a 2, b 2$/m);
  });

  it('takes numbers of categories with it', async () => {
    const words = ['-', '--family', 'categorical', '--n-categories', '3', '-k', '1,2'];
    const result = await selectJson([...words, '--select', 'bic', '--restarts', '3'], BITS);
    // two categories are seen, and a third one counts
    expect(result.selection.candidates.map(({ nParameters }) => nParameters)).toEqual([10, 21]);
  });

  it('keeps a candidate that fails in the table, and says why', async () => {
    const words = ['fit', '-', '--reg-covar', '0', '--select', 'bic', '-k', '1,2,30'];
    const { exitCode, stdout, stderr } = await command(words, { stdin: SPIKE });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^best +1 +full/m);
    expect(stdout).toMatch(/^ +2 +full +failed: COLLAPSED_COMPONENT$/m);
    expect(stdout).toMatch(/^ +30 +full +failed: TOO_FEW_SAMPLES$/m);
    expect(stderr).toMatch(/^Note: 2 components, full covariance: .*collapsed/m);
    expect(stderr).toMatch(/^Note: 30 components, full covariance: There are 20 samples/m);
    const { selection } = await selectJson(words.slice(1), SPIKE);
    expect(selection.candidates[1]).toMatchObject({ bic: null, nParameters: null });
    expect(selection.candidates[1].error?.code).toBe('COLLAPSED_COMPONENT');
    const none = await command([...words.slice(0, -1), '2,30'], { stdin: SPIKE });
    expectSentenceAndHint(none);
    expect(none.stderr).toMatch(
      /None of the 2 candidates could be fitted\. K = 2 full: .*collapsed/,
    );
    expect(none.exitCode).toBe(1);
  });

  it('warns where the best is the largest that was tried', async () => {
    const { stderr } = await command(['fit', FAITHFUL, '-k', '1,2', '--select', 'bic']);
    expect(stderr).toMatch(/^Note: The best number of components by BIC, 2, is the largest/m);
  });

  it('shows which candidate it is at on a terminal', async () => {
    const words = ['fit', FAITHFUL, '-k', '2,3', '--select', 'bic', '--tol', '0'];
    const { stderr } = await command(words, { isTTY: true });
    expect(stderr).toMatch(/1\/2 {2}K = 2, full {2}iteration \d+ {2}lower bound/);
    expect(stderr.endsWith('\n') || stderr.endsWith('\r\u001b[K')).toBe(true);
  });

  it('computes the same table in Chrome on WebGPU', async () => {
    const words = ['fit', FAITHFUL, '-k', '1-3', '--select', 'icl', '--covariance', 'full,diag'];
    const browser = await builtCommand([...words, '--json', '--browser']);
    expect(browser.stderr).toBe('');
    const onGpu = JSON.parse(browser.stdout) as Result;
    const onCpu = await selectJson([...words.slice(1), '--backend', 'cpu']);
    expect([onGpu.backend.backend, onCpu.backend.backend]).toEqual(['webgpu', 'cpu']);
    expect(onGpu.selection.best).toBe(onCpu.selection.best);
    onGpu.selection.candidates.forEach((row, i) => {
      const expected = onCpu.selection.candidates[i];
      for (const name of ['bic', 'aic', 'icl'] as const) {
        expect(Math.abs(row[name]! / expected[name]! - 1)).toBeLessThan(1e-5);
      }
    });
  });

  it('compares a family in Chrome, from its text alone', async () => {
    const file = join(temporaryFolder(), 'bits.csv');
    writeFileSync(file, BITS);
    const words = ['fit', file, '--family', 'bernoulli', '--a', '2', '--b', '2', '-k', '1-3'];
    const { exitCode, stdout } = await builtCommand([...words, '--select', 'bic', '--browser']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^best +2 +11 /m);
  });

  it.each<[string, RegExp]>([
    ['-k 1-6', /--components 1-6 is several numbers, and a fit has one\.\n +Add --select bic/],
    ['-k 2,4', /--components 2,4 is several numbers.*\n +Add --select bic/],
    [
      '-k 2 --covariance full,diag',
      /--covariance full,diag is several types.*\n +Add --select bic/,
    ],
    ['-k 6 --select bic', /--select bic has one mixture to choose from\.\n +.*--components 1-8/],
    ['--select bic', /The numbers of components to choose from are missing/],
    ['-k 1-3 --select BIC', /--select cannot be "BIC"\.\n +Use one of bic, aic, icl/],
    ['-k 6-2 --select bic', /--components needs whole numbers of at least 1 and ranges .* "6-2"/],
    ['-k 0-3 --select bic', /needs whole numbers of at least 1 and ranges of them, not "0-3"/],
    ['-k 1,,3 --select bic', /needs whole numbers .* not "1,,3"/],
    ['-k 1-3-5 --select bic', /needs whole numbers .* not "1-3-5"/],
    ['-k 1-4,3 --select bic', /--components has 3 twice/],
    ['-k 1-99999 --select bic', /1-99999 is 99999 numbers, and at most 1000/],
    ['-k 1-3 --covariance full,full --select bic', /--covariance has full twice/],
    ['-k 1-3 --covariance full,round --select bic', /--covariance cannot be "round"/],
    [
      '-k 1-3 --covariance full --fixed-covariance identity --select bic',
      /needs --covariance fixed/,
    ],
  ])('%s is refused', async (text, message) => {
    const result = await command(['fit', FAITHFUL, ...text.split(' ')]);
    expectSentenceAndHint(result);
    expect(result.stderr).toMatch(message);
    expect(result.exitCode).toBe(2);
  });
});
