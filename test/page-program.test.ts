import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { assemble } from '../src/app/data/assemble.ts';
import { readTables } from '../src/app/data/read-tables.ts';
import { ownFiles } from '../src/app/data/sources.ts';
import type { SourceData } from '../src/app/data/source-data.ts';
import { clumps } from '../src/app/data/synthetic.ts';
import { programOf } from '../src/app/results/program.ts';
import { recipeOf } from '../src/app/results/recipe-of.ts';
import { GaussianMixture, selectComponents } from '../src/index.ts';
import { runProgram } from './setup/run-program.ts';
import { disposeContexts, N, openSession, source } from './support/page-session.ts';

type Opened = Awaited<ReturnType<typeof openSession>>;

const folder = mkdtempSync(join(tmpdir(), 'webgpu-em-program-'));

afterEach(disposeContexts);

/** The program of what the session shows makes the same mixture, to 1e-6 of its largest mean. */
async function runsAlike({ session, errors }: Opened, files = {}): Promise<string> {
  const shown = session.mixture!;
  const code = programOf(recipeOf(session)!);
  const made = GaussianMixture.fromJSON(await runProgram(code, files));
  expect(made.nComponents).toBe(shown.nComponents);
  const size = Math.max(...shown.means.map(Math.abs));
  made.means.forEach((mean, i) =>
    expect(Math.abs(mean - shown.means[i])).toBeLessThan(1e-6 * size),
  );
  made.weights.forEach((weight, k) => expect(weight).toBeCloseTo(shown.weights[k], 6));
  expect(errors).toEqual([]);
  return code;
}

describe('the program of what is shown makes it again', () => {
  test('the end of a fit of several restarts, and one of its iterations', async () => {
    const opened = await openSession({ settings: { nInit: 3, regCovar: 1e-4 } });
    await opened.phase('converged');
    expect(await runsAlike(opened)).toMatch(/nInit: 3,/);
    const { session } = opened;
    // another restart than the best, some way on
    const other = session.position.history.lanes.find(
      ({ restart }) => restart !== session.position.history.best,
    )!;
    session.seekIteration(other.restart, 4);
    await opened.until(() => opened.iteration() === 4);
    expect(await runsAlike(opened)).toMatch(/maxIter: 4,/);
    session.seekIteration(other.restart, 0);
    await opened.until(() => opened.iteration() === 0);
    await runsAlike(opened);
  });

  test('a fit that a hand changed, and one of more components', async () => {
    const opened = await openSession();
    const { session, phase } = opened;
    await phase('converged');
    session.seek(3);
    await phase('paused');
    session.edit({ component: 1, mean: Float64Array.of(4, -3), covariance: undefined });
    session.play();
    await phase('running');
    await phase('converged');
    const code = await runsAlike(opened);
    expect(code.includes('meansInit') && code.includes('[4, -3]')).toBe(true);
    session.addComponents(1);
    await opened.until(() => session.mixture!.nComponents === 4);
    // (at once: the fit goes on)
    await runsAlike(opened);
    await opened.until(() => session.phase === 'converged' && session.mixture!.nComponents === 4);
    expect(await runsAlike(opened)).toMatch(/nComponents: 4/);
  });

  test.each(['tied', 'diag', 'spherical'] as const)('placed starts, %s', async (covarianceType) => {
    const opened = await openSession({ settings: { covarianceType } });
    const { session, phase } = opened;
    await phase('converged');
    session.placeStarts(Float64Array.of(-5, 3, 0, 0, 4, -4));
    await phase('running');
    await phase('converged');
    await runsAlike(opened);
  });

  test('one of a comparison, and one from a file', async () => {
    const opened = await openSession();
    const { session, phase } = opened;
    await phase('converged');
    const loaded = GaussianMixture.fromJSON(JSON.stringify(session.mixture));
    // as src/app/fit/comparing.ts asks for them
    const { tol, maxIter, regCovar, seed } = session.settings;
    const { best } = await selectComponents(clumps(N, 1), {
      tol,
      maxIter,
      regCovar,
      seed,
      nInit: 2,
      initParams: 'k-means++',
      nComponents: [2],
      covarianceTypes: ['full'],
      context: opened.context,
    });
    session.choose(best);
    await opened.until(() => session.mixture?.nComponents === 2);
    expect(await runsAlike(opened)).toMatch(/initParams: 'k-means\+\+',\n.*seed: 1,\n.*nInit: 2,/);
    session.choose(loaded);
    await opened.until(() => session.mixture === loaded);
    expect(await runsAlike(opened)).toMatch(/maxIter: 0,/);
    expect(session.phase).toBe('chosen');
  });

  test('the large built-in mixture is drawn again, bit for bit', async () => {
    const opened = await openSession({ data: source(clumps(5000, 1)), settings: { maxIter: 3 } });
    await opened.phase('exhausted');
    const code = await runsAlike(opened);
    expect(code).toContain('const samples = clumps(5000, 1);');
    const probe = code.slice(0, code.indexOf('const context')).replace(/^import.*$/gm, '');
    const drawn = await runProgram(
      `${probe}\nconsole.log(JSON.stringify(Array.from(samples.data)))`,
    );
    expect(JSON.parse(drawn)).toEqual(Array.from(clumps(5000, 1).data));
  });
});

test('names with line breaks in them stay in their remarks', async () => {
  const named = { ...source(), featureNames: ['x\nthrow 1;', 'y\u2028throw 2;'], name: 'a\rb' };
  const inline = await openSession({ data: named, settings: { maxIter: 1 } });
  await inline.phase('exhausted');
  expect(await runsAlike(inline)).toContain('// x throw 1;, y throw 2;\n');
  const scaling = { means: Float64Array.of(0, 0), scales: Float64Array.of(1, 1) };
  const origin = { kind: 'file', fileNames: ['a.csv'], columns: named.featureNames } as const;
  const data = { ...named, origin, standardised: scaling };
  const code = programOf({ ...recipeOf(inline.session)!, data });
  expect(code).toContain('}); // x throw 1;, y throw 2;\n');
});

describe('the program of a file', () => {
  const rows = Array.from(clumps(400, 1).data);
  const cells = rows.map((value, i) => (i === 7 ? '' : String(value)));
  const lines = Array.from({ length: 400 }, (_, n) => `${n},${cells[2 * n]},${cells[2 * n + 1]}`);
  const path = join(folder, "a 'file'.csv");
  writeFileSync(path, `id,"x, or so",y\n${lines.join('\n')}\n`);

  const file = (kept: number[], more: Partial<SourceData>): SourceData => ({
    ...source({ data: Float64Array.from(kept), nSamples: kept.length / 2, nFeatures: 2 }),
    name: "a 'file'",
    featureNames: ['x, or so', 'y'],
    origin: { kind: 'file', fileNames: ["a 'file'.csv"], columns: ['x, or so', 'y'] },
    ...more,
  });
  const files = { "a 'file'.csv": path };
  const complete = rows.filter((_, i) => i !== 6 && i !== 7);

  test('incomplete rows fitted, left out, and standardised', async () => {
    const gappy = rows.map((value, i) => (i === 7 ? NaN : value));
    const settings = { covarianceType: 'diag' as const, maxIter: 5 };
    const fitted = await openSession({ data: file(gappy, { nMissing: 1 }), settings });
    await fitted.phase('exhausted');
    expect(await runsAlike(fitted, files)).not.toContain('fromChunks');
    const left = await openSession({ data: file(complete, {}), settings });
    await left.phase('exhausted');
    expect(await runsAlike(left, files)).toContain('rows with a missing value are left out');
    const standardised = { means: Float64Array.of(-1, 2), scales: Float64Array.of(3, 0.1) };
    const scaled = complete.map(
      (value, i) => (value - standardised.means[i % 2]) / standardised.scales[i % 2],
    );
    const z = await openSession({ data: file(scaled, { standardised }), settings });
    await z.phase('exhausted');
    expect(await runsAlike(z, files)).toContain('const scales = [3, 0.1];');
    rmSync(folder, { recursive: true });
  });

  test('several files, one of every 3 of their rows, and columns of one name', async () => {
    const text = (from: number, to: number) =>
      `x,x,y\n${Array.from({ length: to - from }, (_, n) => `${rows[2 * (from + n)]},${rows[2 * (from + n) + 1]},0`).join('\n')}\n`;
    const texts = { 'a.csv': text(0, 151), 'b.csv': text(151, 400) };
    const own = ownFiles(Object.entries(texts).map(([name, part]) => new File([part], name)));
    const listener = { onProgress() {}, onFirst() {}, onEstimate: () => Promise.resolve(3) };
    const table = await readTables(own.inputs, listener, { first: 1, memory: 1 });
    const choice = { columns: [0, 1], standardise: false, missing: 'fit' } as const;
    const data = await assemble(table, choice, own);
    expect(data.samples.nSamples).toBe(134);
    const opened = await openSession({ data, settings: { maxIter: 5 } });
    await opened.phase('exhausted');
    const parts = mkdtempSync(join(tmpdir(), 'webgpu-em-parts-'));
    const paths = Object.entries(texts).map(([name, part]) => {
      writeFileSync(join(parts, name), part);
      return [name, join(parts, name)] as const;
    });
    const code = await runsAlike(opened, Object.fromEntries(paths));
    expect(code).toContain("await fromNodeFile('b.csv', { columns: [0, 1] }),");
    expect(code).toContain(
      '// the files are one table, in this order; one of every 3 rows is taken;',
    );
    rmSync(parts, { recursive: true });
  });

  test('an address is fetched', async () => {
    const url = 'https://example.org/data.parquet?version=2';
    const data = { ...file(complete, {}), origin: { kind: 'url', url, columns: ['y'] } as const };
    const opened = await openSession({
      data: { ...data, nRowsRead: 400, missingWords: ['inf'] },
      settings: { maxIter: 1 },
    });
    await opened.phase('exhausted');
    const code = programOf(recipeOf(opened.session)!);
    expect(code).toContain(
      `finite(await fromFile(await fetched('${url}'), { format: 'parquet', columns: ['y'] }))`,
    );
    expect(code).toContain('npm install webgpu-em hyparquet');
    expect(code).toContain('the first 400 rows only');
  });
});
