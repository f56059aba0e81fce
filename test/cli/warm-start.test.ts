import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  command,
  expectSentenceAndHint,
  FAITHFUL,
  IRIS,
  readJson,
  temporaryFolder,
} from './support.ts';

async function fitJson(words: string[], stdin = ''): Promise<Record<string, unknown>> {
  const { exitCode, stdout, stderr } = await command(['fit', ...words, '--json'], { stdin });
  expect([exitCode, stderr.replace(/^Note: .*\n/gm, '')]).toEqual([0, '']);
  return JSON.parse(stdout) as Record<string, unknown>;
}

async function expectUsage(words: string[], message: RegExp, stdin = ''): Promise<void> {
  const result = await command(['fit', ...words], { stdin });
  expect([result.exitCode, result.stderr]).toEqual([2, expect.stringMatching(message)]);
  expectSentenceAndHint(result);
}

describe('webgpu-em fit --algorithm', () => {
  it('fits by batches, and says what it did', async () => {
    const words = [FAITHFUL, '-k', '2', '--seed', '1', '--tol', '1e-6'];
    const em = await fitJson(words);
    for (const algorithm of ['stepwise', 'incremental']) {
      const found = await fitJson([...words, '--algorithm', algorithm, '--batch-size', '90']);
      expect(found['bic']).toBeCloseTo(em['bic'] as number, 1);
      expect(found['lowerBound']).not.toBe(em['lowerBound']);
    }
    const step = await fitJson([...words, '--algorithm', 'stepwise', '--step-size', '1']);
    // one batch (272 samples make no two of 256) and steps of 1: EM
    expect(step['lowerBound']).toBe(em['lowerBound']);
    const slow = ['--algorithm', 'stepwise', '--step-size', '0.7,3', '--max-iter', '4'];
    expect((await fitJson([...words, ...slow]))['nIter']).toBe(4);
  });

  it('refuses what an algorithm does not take', async () => {
    const words = [FAITHFUL, '-k', '2'];
    await expectUsage([...words, '--algorithm', 'online'], /--algorithm cannot be "online"/);
    await expectUsage([...words, '--batch-size', '0'], /--batch-size needs a whole number/);
    await expectUsage([...words, '--batch-size', '9'], /batchSize was given for algorithm 'em'/);
    const stepwise = [...words, '--algorithm', 'stepwise', '--step-size'];
    await expectUsage([...stepwise, '0.5,2'], /stepSize.alpha must be above 0.5/);
    await expectUsage([...stepwise, '1,2,3'], /--step-size has 3 numbers/);
    await expectUsage([...stepwise, 'a'], /--step-size needs numbers/);
  });
});

describe('webgpu-em fit --warm-start', () => {
  it('goes on from a model file where it was left, its components and covariance the defaults', async () => {
    const folder = temporaryFolder();
    const [first, second] = [join(folder, 'first.json'), join(folder, 'second.json')];
    const words = [FAITHFUL, '-k', '2', '--covariance', 'diag', '--tol', '0'];
    await fitJson([...words, '--max-iter', '2', '--out', first]);
    const whole = await fitJson([...words, '--max-iter', '5']);
    const rest = await fitJson([FAITHFUL, '--warm-start', first, '--tol', '0', '--max-iter', '3']);
    expect(rest['nIter']).toBe(3);
    expect(rest['lowerBound']).toBeCloseTo(whole['lowerBound'] as number, 12);
    const fixed = [FAITHFUL, '-k', '2', '--covariance', 'fixed', '--fixed-covariance', '1,0;0,40'];
    await fitJson([...fixed, '--out', second]);
    const again = await fitJson([FAITHFUL, '--warm-start', second]);
    expect((again['model'] as Record<string, unknown>)['covariances']).toEqual(
      readJson(second)['covariances'],
    );
  });

  it('chooses the columns of the model, and takes other families', async () => {
    const model = join(temporaryFolder(), 'model.json');
    const words = ['--family', 'poisson', '--columns', 'a,b'];
    const text = 'a,b,c\n1,2,9\n0,4,9\n7,1,8\n9,0,8\n8,2,7\n1,5,9\n';
    const first = await fitJson(['-', '-k', '2', ...words, '--out', model], text);
    const again = await fitJson(['-', '--family', 'poisson', '--warm-start', model], text);
    expect(again['columnNames']).toEqual(['a', 'b']);
    expect(again['lowerBound']).toBeGreaterThanOrEqual(first['lowerBound'] as number);
  });

  it('refuses a model of another family, of other columns, and what is no model', async () => {
    const folder = temporaryFolder();
    const model = join(folder, 'model.json');
    await fitJson([FAITHFUL, '-k', '2', '--out', model]);
    await expectUsage(
      [FAITHFUL, '--family', 'poisson', '--warm-start', model],
      /is a gaussian mixture, and the fit a poisson one\.\n {2}Add --family gaussian/,
    );
    await expectUsage([FAITHFUL, '-k', '3', '--warm-start', model], /warmStart has 2 components/);
    await expectUsage([IRIS, '--warm-start', model], /eruptions/);
    await expectUsage([FAITHFUL, '--warm-start', join(folder, 'none.json')], /no such file/);
    await expectUsage([FAITHFUL, '--warm-start', FAITHFUL], /is not JSON/);
    await expectUsage([FAITHFUL], /number of components is missing/);
  });
});
