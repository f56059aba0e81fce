import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  BernoulliMixture,
  CategoricalMixture,
  PoissonMixture,
  readMixture,
} from '../../src/index.ts';
import {
  command,
  expectSentenceAndHint,
  FAITHFUL,
  IRIS,
  linesOf,
  readJson,
  rootFile,
  temporaryFolder,
} from './support.ts';

const IRIS_WITH_GAPS = rootFile('test/fixtures/awkward/04-missing-tokens.csv');

/** Two groups of voters, on twenty votes of words, one in ten not cast; and the group of each. */
function votes(): string {
  const lines = [`party,${Array.from({ length: 20 }, (_, d) => `v${d + 1}`).join(',')}`];
  let state = 12345;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  for (let n = 0; n < 200; n++) {
    const group = n % 2;
    const cast = Array.from({ length: 20 }, (_, d) => {
      if (random() < 0.1) return d % 2 === 0 ? '' : 'NA';
      const yes = d < 10 === (group === 1) ? 0.85 : 0.15;
      return random() < yes ? 'y' : 'n';
    });
    lines.push([group === 1 ? 'left' : 'right', ...cast].join(','));
  }
  return `${lines.join('\n')}\n`;
}

/** Counts of two sources, in three columns. */
const COUNTS = `a,b,c\n${Array.from({ length: 120 }, (_, n) =>
  n % 3 === 0 ? `${20 + (n % 5)},${n % 2},${9 + (n % 4)}` : `${n % 3},${14 + (n % 7)},${n % 4}`,
).join('\n')}\n`;

async function fitJson(words: string[], stdin: string): Promise<Record<string, unknown>> {
  const { exitCode, stdout, stderr } = await command(['fit', '-', ...words, '--json'], { stdin });
  expect(stderr.replace(/^Note: .*\n/gm, '')).toBe('');
  expect(exitCode).toBe(0);
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe('webgpu-em fit --family', () => {
  it('bernoulli takes columns of two words, and counts what is missing', async () => {
    const words = ['-k', '2', '--family', 'bernoulli', '--columns', '2,3,4,5,6,7,8,9,10,11,12'];
    const result = await fitJson(words, votes());
    expect(result).toMatchObject({ family: 'bernoulli', nFeatures: 11, nParameters: 23 });
    expect(result['categories']).toEqual(Array.from({ length: 11 }, () => ['n', 'y']));
    const cells = linesOf(votes())
      .slice(1)
      .flatMap((line) => line.split(',').slice(1, 12));
    expect(result['missing']).toBe(cells.filter((cell) => cell === '' || cell === 'NA').length);
    const { probabilities } = BernoulliMixture.fromJSON(result['model']);
    // (the first ten votes tell the two groups apart)
    for (let d = 0; d < 10; d++) {
      expect(Math.abs(probabilities[d] - probabilities[11 + d])).toBeGreaterThan(0.4);
    }
  });

  it('shows many columns by those that tell a component apart', async () => {
    const words = ['fit', '-', '-k', '2', '--family', 'bernoulli', '--a', '2', '--b', '2'];
    const { stdout, exitCode } = await command(words, { stdin: votes() });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Samples +200 of 21 features/m);
    expect(stdout).toMatch(/^Missing +\d+ of 4200 entries$/m);
    expect(stdout).toMatch(/^Mixture +2 components, Bernoulli, 43 free parameters$/m);
    expect(stdout).toMatch(/^Prior +a 2, b 2$/m);
    expect(stdout).toMatch(
      /^Lower bound +-\d+\.\d+ per sample; in total log-likelihood -\d+\.?\d* and log-prior -\d+\.\d+$/m,
    );
    expect(stdout).toMatch(/probability of the 5 of 21 columns that tell it most apart$/m);
    expect(stdout.match(/^ +[01] +0\.\d+ +\d+ +(\S+ [\d.]+; ){4}\S+ [\d.]+$/gm)).toHaveLength(2);
  });

  it('categorical takes words and numbers, under a Dirichlet prior', async () => {
    const words = ['-k', '2', '--family', 'categorical', '--concentration', '1.5', '--alpha', '2'];
    const result = await fitJson([...words, '--columns', 'party,v1,v2,v3'], votes());
    const mixture = CategoricalMixture.fromJSON(result['model']);
    expect(Array.from(mixture.nCategories)).toEqual([2, 2, 2, 2]);
    expect(result['categories']).toEqual([
      ['left', 'right'],
      ['n', 'y'],
      ['n', 'y'],
      ['n', 'y'],
    ]);
    const [l, p, bound] = ['logLikelihood', 'logPrior', 'lowerBound'].map((name) => result[name]);
    expect(((l as number) + (p as number)) / 200).toBeCloseTo(bound as number, 9);
    const three = await fitJson(
      ['-k', '1', '--family', 'categorical', '--n-categories', '3,4'],
      'a,b\n0,1\n2,3\n1,1\n',
    );
    expect(three['nParameters']).toBe(5);
  });

  it.each([
    ['poisson', ['--a', '2', '--b', '0.5'], 'rate'],
    ['exponential', ['--a', '2'], 'mean +rate'],
    ['geometric', ['--a', '1,2,1', '--b', '2'], 'mean +probability'],
    ['multinomial', ['--concentration', '2'], 'share'],
    ['gaussian', ['--prior', 'mclust', '--covariance', 'diag'], 'mean +standard deviation'],
    ['gaussian', ['--covariance-type', 'tied-diag', '--kappa', '1'], 'mean +standard deviation'],
    ['gaussian', ['--covariance', 'tied-spherical', '--prior', 'mclust', '--alpha', '2,3'], 'mean'],
    [
      'gaussian',
      ['--covariance', 'fixed', '--fixed-covariance', '4,0,0;0,4,0;0,0,4', '--prior-mean', '5,5,5'],
      'mean',
    ],
  ])('%s %j', async (family, words, header) => {
    // (exponential waiting times are above 0)
    const stdin = family === 'exponential' ? COUNTS.replaceAll(/\b0\b/g, '0.5') : COUNTS;
    const all = ['fit', '-', '-k', '2', '--family', family, ...words];
    const { exitCode, stdout, stderr } = await command(all, { stdin });
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`^component +weight +samples +column +${header}`, 'm'));
    expect(stdout).toMatch(/^Prior +\S/m);
    expect(stdout).toMatch(/^Lower bound +-.* and log-prior -?\d/m);
  });

  it('poisson under a Gamma prior is the library with the same options', async () => {
    const words = ['-k', '2', '--family', 'poisson', '--a', '3', '--b', '0.5', '--seed', '4'];
    const result = await fitJson(words, COUNTS);
    const rows = linesOf(COUNTS)
      .slice(1)
      .map((line) => line.split(',').map(Number));
    const prior = { a: 3, b: 0.5 };
    const mixture = await PoissonMixture.fit(rows, { nComponents: 2, prior, seed: 4 });
    expect(readMixture(result['model']).parameters).toEqual(mixture.parameters);
  });

  it('gaussian leaves missing values out and says how many there are', async () => {
    const { exitCode, stdout, stderr } = await command(['fit', IRIS_WITH_GAPS, '-k', '2']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Missing +\d+ of 600 entries$/m);
    expect(stderr).toMatch(/^Note: \d+ of 600 entries are missing/m);
  });

  it.each<[string[], string, RegExp]>([
    [['--family', 'multinomial'], 'x,y\n1,2\n3,\n', /Sample 1, column "y" is missing/],
    [['--family', 'bernoulli'], 'x,year\n1,2001\n0,2002\n', /Sample 0, column "year" is 2001/],
    [['--family', 'poisson'], 'x,y\n1,2\n0.5,1\n', /Sample 1, column "x" is 0.5/],
    [['--family', 'bernoulli'], 'x\na\nb\nc\n', /text of 3 different words \(2 can be used\)/],
    [['--family', 'weibull'], 'x\n1\n', /--family cannot be "weibull"/],
    [['--a', '2'], 'x\n1\n', /--a says nothing of a gaussian mixture/],
    [['--family', 'poisson', '--concentration', '2'], 'x\n1\n', /--concentration says nothing/],
    [['--family', 'poisson', '--a', 'x'], 'x\n1\n', /--a needs numbers of at least 0/],
    [['--fixed-covariance', '1'], 'x\n1\n', /--fixed-covariance needs --covariance fixed/],
    [['--family', 'poisson', '--a', '1,2,3'], 'x,y\n1,2\n3,4\n', /prior\.a must be a number, or 2/],
  ])('%j is refused for %j', async (words, stdin, message) => {
    const result = await command(['fit', '-', '-k', '1', ...words], { stdin });
    expectSentenceAndHint(result);
    expect(result.stderr).toMatch(message);
    expect(result.exitCode).toBe(2);
  });

  it('a prior without a mode ends with 1', async () => {
    const words = ['fit', '-', '-k', '1', '--family', 'poisson', '--a', '0.5'];
    const result = await command(words, { stdin: 'x\n0\n0\n0\n' });
    expectSentenceAndHint(result);
    expect(result.stderr).toContain('no mode');
    expect(result.exitCode).toBe(1);
  });
});

describe('webgpu-em predict and impute', () => {
  /** The file of a model fitted to a text. */
  async function fitted(stdin: string, ...words: string[]): Promise<string> {
    const model = join(temporaryFolder(), 'model.json');
    const result = await command(['fit', '-', ...words, '--out', model, '--quiet'], { stdin });
    expect(result).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    return model;
  }

  const VOTES = [
    '-k',
    '2',
    '--family',
    'bernoulli',
    '--columns',
    Array.from({ length: 20 }, (_, d) => `v${d + 1}`).join(','),
  ];

  it('predicts by a model of any family, with the words that it knows', async () => {
    const model = await fitted(votes(), ...VOTES);
    const { stdout } = await command(['predict', '-', '-m', model], { stdin: votes() });
    const labels = linesOf(stdout).slice(1).map(Number);
    const [first, second] = labels;
    expect(first).not.toBe(second);
    const right = labels.filter((label, n) => label === (n % 2 === 0 ? first : second)).length;
    expect(right).toBeGreaterThan(190);
    // Few lines do not hold every word, and one without a value gets the heavier component.
    const some = `${linesOf(votes()).slice(0, 2).join('\n')}\n${','.repeat(20)}\n`;
    const two = await command(['predict', '-', '-m', model, '--proba'], { stdin: some });
    const [, , last] = linesOf(two.stdout);
    const weights = (readJson(model)['parameters'] as { weights: number[] }).weights;
    expect(last.split(',').slice(1).map(Number)).toEqual(
      weights.map((weight) => expect.closeTo(weight, 6)),
    );
  });

  it('refuses a word that the model does not know', async () => {
    const model = await fitted(votes(), ...VOTES);
    const stdin = votes().replace(/,y,/, ',perhaps,');
    const result = await command(['predict', '-', '-m', model], { stdin });
    expectSentenceAndHint(result);
    expect(result.stderr).toContain('"perhaps" is none of the words that the model was fitted on');
    expect(result.exitCode).toBe(2);
  });

  it.each([
    ['bernoulli', VOTES],
    ['categorical', ['-k', '2', '--family', 'categorical']],
  ])('fills in words by %s, and leaves the rest as it is', async (_, words) => {
    const stdin = votes();
    const model = await fitted(stdin, ...words);
    const { stdout, exitCode } = await command(['impute', '-', '-m', model, '--quiet'], { stdin });
    expect(exitCode).toBe(0);
    const [before, after] = [stdin, stdout].map((text) =>
      linesOf(text).map((line) => line.split(',')),
    );
    const isMissing = (cell: string) => cell === '' || cell === 'NA';
    let [filled, right] = [0, 0];
    const changed: string[] = [];
    before.forEach((row, n) =>
      row.forEach((cell, d) => {
        const now = after[n][d];
        if (!isMissing(cell) && now !== cell) changed.push(`${cell} to ${now}`);
        if (!isMissing(cell)) return;
        filled++;
        if (now === (d <= 10 === (n % 2 === 0) ? 'y' : 'n')) right++;
      }),
    );
    expect(changed).toEqual([]);
    expect(filled).toBeGreaterThan(300);
    // (the vote of 85 in 100 of the group)
    expect(right / filled).toBeGreaterThan(0.95);
  });

  it('fills in numbers by the conditional mean, in a file', async () => {
    const folder = temporaryFolder();
    const [model, gaps, output] = ['m.json', 'gaps.csv', 'out.csv'].map((name) =>
      join(folder, name),
    );
    await command(['fit', FAITHFUL, '-k', '2', '--seed', '1', '--out', model, '--quiet']);
    const given = readFileSync(FAITHFUL, 'utf8');
    const lines = linesOf(given);
    const [eruptions, waiting] = lines[1].split(',');
    writeFileSync(gaps, given.replace(`\n${eruptions},${waiting}\n`, `\n${eruptions},NA\n`));
    const words = ['impute', gaps, '--model', model, '--output', output];
    const result = await command(words);
    expect(result.stderr).toBe('');
    expect(result.stdout).toMatch(/^Missing +1 of 544 entries$/m);
    expect(result.stdout).toMatch(/^waiting +1$/m);
    const filled = linesOf(readFileSync(output, 'utf8'));
    expect(filled.toSpliced(1, 1)).toEqual(lines.toSpliced(1, 1));
    expect(Math.abs(Number(filled[1].split(',')[1]) - Number(waiting))).toBeLessThan(10);
    const json = JSON.parse((await command([...words, '--json'])).stdout) as object;
    expect(json).toMatchObject({ missing: 1, filledCounts: [0, 1], backend: { backend: 'cpu' } });
  });

  it('a file without gaps comes out as it went in', async () => {
    const model = join(temporaryFolder(), 'model.json');
    await command(['fit', IRIS, '-k', '2', '--out', model, '--quiet']);
    expect((await command(['impute', IRIS, '-m', model])).stdout).toBe(readFileSync(IRIS, 'utf8'));
  });

  it.each([
    [['impute', IRIS], 'The model is missing.'],
    [['impute', IRIS, '-m', 'x.json', '--json'], 'cannot both go to standard output'],
    [['impute', IRIS, '-m', 'no-such.json'], 'Cannot read "no-such.json"'],
  ])('%j ends with 2', async (words, message) => {
    const result = await command(words);
    expectSentenceAndHint(result);
    expect(result.stderr).toContain(message);
    expect(result.exitCode).toBe(2);
  });
});
