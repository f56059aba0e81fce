import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { command, expectSentenceAndHint, FAITHFUL, temporaryFolder } from './support.ts';

describe('a call that is wrong ends with 2, a sentence and a hint', () => {
  it.each<[string[], string]>([
    [[], 'No command is given.'],
    [['fti', FAITHFUL], 'There is no command "fti".'],
    [['fit'], 'The number of components is missing.'],
    [['fit', FAITHFUL], 'The number of components is missing.'],
    [['fit', '--components', '2'], 'No file is given.'],
    [['fit', FAITHFUL, 'b.csv', '-k', '2'], 'There is one file too many: "b.csv".'],
    [['fit', FAITHFUL, '-k', '2', '--sed', '1'], 'There is no option --sed.'],
    [['fit', FAITHFUL, '-k', '2', '-x'], 'There is no option -x.'],
    [['fit', FAITHFUL, '-k'], "Option '-k, --components <value>' argument missing."],
    [['fit', FAITHFUL, '-k', '2', '--json=yes'], "Option '--json' does not take an argument."],
    [['fit', FAITHFUL, '-k', 'two'], '--components needs a whole number of at least 1, not "two".'],
    [['fit', FAITHFUL, '-k', '0'], '--components needs a whole number of at least 1, not "0".'],
    [['fit', FAITHFUL, '-k', '2.5'], '--components needs a whole number of at least 1, not "2.5".'],
    [['fit', FAITHFUL, '-k', '2', '--tol=-1'], '--tol needs a number that is zero or greater'],
    [['fit', FAITHFUL, '-k', '2', '--tol', ''], '--tol needs a number that is zero or greater'],
    [['fit', FAITHFUL, '-k', '2', '--covariance', 'ful'], '--covariance cannot be "ful".'],
    [['fit', FAITHFUL, '-k', '2', '--init', 'k-means'], '--init cannot be "k-means".'],
    [['fit', FAITHFUL, '-k', '2', '--backend', 'gpu'], '--backend cannot be "gpu".'],
    [['fit', FAITHFUL, '-k', '2', '--browser', '--backend', 'cpu'], '--browser computes on WebGPU'],
    [['fit', FAITHFUL, '-k', '2', '--header', '--no-header'], '--header and --no-header'],
    [['fit', FAITHFUL, '-k', '2', '--columns', 'a,,b'], '--columns has an empty name'],
    [['fit', FAITHFUL, '-k', '2', '--columns', '0'], '--columns counts positions from 1, not 0.'],
    [['fit', FAITHFUL, '-k', '2', '--columns', '3'], 'There is no column number 3'],
    [['fit', FAITHFUL, '-k', '2', '--columns', 'wait'], 'The file has no column "wait".'],
    [['fit', FAITHFUL, '-k', '2', '--delimiter', 'ab'], 'The delimiter "ab" is not a single'],
    [['fit', FAITHFUL, '-k', '2', '--out', '-'], '--out needs the name of a file.'],
    [['fit', FAITHFUL, '-k', '2', '--out', 'no/such/folder/m.json'], 'Cannot write "no/such'],
    [['fit', FAITHFUL, '-k', '2', '--labels', '.'], 'Cannot write ".": it is a directory.'],
    [['fit', 'no-such.csv', '-k', '2'], 'Cannot read "no-such.csv": no such file or directory.'],
    [['fit', '.', '-k', '2'], 'Cannot read ".": it is a directory.'],
    [['fit', FAITHFUL, '-k', '273'], ''],
    [['predict', FAITHFUL], 'The model is missing.'],
    [['predict', FAITHFUL, '--model', 'no-such.json'], 'Cannot read "no-such.json"'],
    [['predict', FAITHFUL, '--model', FAITHFUL], 'is not JSON.'],
  ])('webgpu-em %j', async (words, message) => {
    const result = await command(words);
    expectSentenceAndHint(result);
    expect(result.stderr).toContain(message);
    expect(result.exitCode).toBe(2);
  });

  it.each([
    ['text', 'once upon a time\nthere was a file\n', 'No column holds numbers'],
    ['an infinite value', 'x,y\n1,2\n3,inf\n', 'Line 3, column "y": "inf" is not a finite'],
    ['a ragged row', 'x,y\n1,2\n3\n', 'Line 3 has 1 field'],
    ['nothing', '', 'The file is empty.'],
  ])('a file with %s', async (_, text, message) => {
    const result = await command(['fit', '-', '-k', '1'], { stdin: text });
    expectSentenceAndHint(result);
    expect(result.stderr).toContain(message);
    expect(result.exitCode).toBe(2);
  });

  it.each(['{"weights": [1]}', '[]', 'null', '3'])('a model that is %s', async (text) => {
    const model = join(temporaryFolder(), 'model.json');
    writeFileSync(model, text);
    const result = await command(['predict', FAITHFUL, '--model', model]);
    expectSentenceAndHint(result);
    expect(result.exitCode).toBe(2);
  });
});

describe('help', () => {
  it.each([
    [['--help'], 'webgpu-em predict FILE'],
    [['fit', '--help'], '--components K'],
    [['predict', '-h'], '--model FILE'],
    [['impute', '-h'], '--output FILE'],
    [['digits', '--help'], '--hide PART'],
    [['--version'], /^\d+\.\d+\.\d+\n$/],
  ])('webgpu-em %j goes to standard output', async (words, expected) => {
    const { exitCode, stdout, stderr } = await command(words);
    expect(stdout).toMatch(expected);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  it('fits in 100 columns', async () => {
    for (const topic of ['', 'fit', 'predict', 'impute', 'digits']) {
      const words = [...topic.split(' ').filter(Boolean), '--help'];
      const { stdout } = await command(words);
      expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThan(100);
    }
  });
});
