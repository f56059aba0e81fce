import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  command,
  expectSentenceAndHint,
  FAITHFUL,
  IRIS,
  IRIS_WITH_TEXT,
  linesOf,
  readLines,
  temporaryFolder,
} from './support.ts';

/** Fits, and gives the files of the model and of the fit's own labels. */
async function fitted(
  file: string,
  ...words: string[]
): Promise<{ model: string; labels: string }> {
  const folder = temporaryFolder();
  const [model, labels] = [join(folder, 'model.json'), join(folder, 'fit-labels.csv')];
  const outputs = ['--out', model, '--labels', labels, '--quiet'];
  const { exitCode, stderr } = await command(['fit', file, ...words, ...outputs]);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  return { model, labels };
}

describe('webgpu-em predict', () => {
  it('prints the labels that the fit gave', async () => {
    const { model, labels } = await fitted(FAITHFUL, '-k', '2');
    const { exitCode, stdout, stderr } = await command(['predict', FAITHFUL, '--model', model]);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(linesOf(stdout)).toHaveLength(273);
    expect(stdout).toBe(readFileSync(labels, 'utf8'));
  });

  it('writes labels with probabilities, and a summary', async () => {
    const { model, labels } = await fitted(IRIS, '-k', '3');
    const file = join(temporaryFolder(), 'labels.csv');
    const words = ['predict', IRIS, '-m', model, '--proba', '--labels', file];
    const { exitCode, stdout } = await command(words);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Samples +150 of 4 features/m);
    expect(stdout).toMatch(/^Log-likelihood +-1\.\d+ per sample$/m);
    const [header, ...rows] = readLines(file);
    expect(header).toBe('label,probability_0,probability_1,probability_2');
    expect(rows.map((row) => row.slice(0, row.indexOf(',')))).toEqual(readLines(labels).slice(1));
    for (const row of rows) {
      const [label, ...probabilities] = row.split(',').map(Number);
      expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6);
      expect(probabilities[label]).toBe(Math.max(...probabilities));
    }
  });

  it('prints one JSON object', async () => {
    const { model, labels } = await fitted(FAITHFUL, '-k', '2');
    const words = ['predict', '-', '-m', model, '--proba', '--json'];
    const { stdout } = await command(words, { stdin: readFileSync(FAITHFUL, 'utf8') });
    const result = JSON.parse(stdout) as Record<string, unknown>;
    expect(result).toMatchObject({ nSamples: 272, nFeatures: 2, backend: { backend: 'cpu' } });
    expect((result['labels'] as number[]).map(String)).toEqual(readLines(labels).slice(1));
    expect(result['probabilities']).toHaveLength(272);
    expect(result['score']).toBeLessThan(0);
  });

  it('takes the columns that the model was fitted on, by name', async () => {
    const words = ['--columns', 'petal width,petal length'];
    const { model, labels } = await fitted(IRIS, '-k', '3', ...words);
    for (const file of [IRIS, IRIS_WITH_TEXT]) {
      const { stdout } = await command(['predict', file, '-m', model, '--quiet']);
      expect(stdout).toBe(readFileSync(labels, 'utf8'));
    }
  });

  it('takes the numeric columns in order where the file names none', async () => {
    const { model, labels } = await fitted(FAITHFUL, '-k', '2');
    const nameless = readFileSync(FAITHFUL, 'utf8').replace(/^.*\n/, '');
    const { stdout } = await command(['predict', '-', '-m', model], { stdin: nameless });
    expect(stdout).toBe(readFileSync(labels, 'utf8'));
  });

  it('refuses a file without those columns, or with too few', async () => {
    const { model } = await fitted(IRIS, '-k', '2');
    const named = await command(['predict', FAITHFUL, '-m', model]);
    expectSentenceAndHint(named);
    expect(named.stderr).toContain('The file has no column "sepal length".');
    const chosen = await command(['predict', IRIS, '-m', model, '--columns', '1,2']);
    expectSentenceAndHint(chosen);
    expect([named.exitCode, chosen.exitCode]).toEqual([2, 2]);
  });
});
