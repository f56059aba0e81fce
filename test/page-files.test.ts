import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SourceData } from '../src/app/data/source-data.ts';
import { csvFile } from '../src/app/results/csv-file.ts';
import { readModel, modelJson } from '../src/app/results/model-file.ts';
import { npyFile } from '../src/app/results/npy-file.ts';
import { plainColumn, sourceColumns, withOwnNames } from '../src/app/results/out-column.ts';
import type { OutColumn } from '../src/app/results/out-column.ts';
import { resultFile } from '../src/app/results/result-file.ts';
import type { ResultFormat } from '../src/app/results/result-file.ts';
import { placeOf } from '../src/app/results/sample-values.ts';
import { createContext, GaussianMixture, MixtureError } from '../src/index.ts';
import { fromFile } from '../src/io/index.ts';
import { readCsv } from '../src/io/csv.ts';
import { sameCases } from './support/seeded.ts';

sameCases();

const N = 3000;
const K = 3;

/** Samples of two features, one of them with gaps, standardised by means of 10 and 20 and scales of 2 and 4. */
const data: SourceData = {
  name: 'made',
  samples: {
    data: Float64Array.from({ length: 2 * N }, (_, i) => (i === 5 ? NaN : Math.sin(i))),
    nSamples: N,
    nFeatures: 2,
  },
  featureNames: ['length', 'label'],
  columns: [
    {
      name: 'kind',
      values: Int32Array.from({ length: N }, (_, n) => (n % 3) - 1),
      categories: ['a "word"', 'one, two'],
    },
  ],
  nMissing: 1,
  standardised: { means: Float64Array.of(10, 20), scales: Float64Array.of(2, 4) },
  origin: { kind: 'file', fileNames: ['made.csv'], columns: ['length', 'label'] },
  note: '',
  nComponents: K,
  initParams: 'k-means++',
};
const labels = Int32Array.from({ length: N }, (_, n) => n % K);
const responsibilities = Float32Array.from({ length: N * K }, (_, i) => Math.exp(-(i % 97)) / 3);
const mixture = { nComponents: K } as GaussianMixture;

/** All rows of a file by the repository's readers. */
async function rowsOf(file: Blob, name: string, columns?: (string | number)[]) {
  const stream = await fromFile(file, { name, columns });
  const values: number[] = [];
  for await (const chunk of stream.chunks()) values.push(...(chunk.data as Float64Array));
  return { values, nFeatures: stream.nFeatures, names: stream.columnNames };
}

const write = (format: ResultFormat, what: 'labels' | 'responsibilities', withColumns = false) =>
  resultFile({ mixture, data }, what === 'labels' ? labels : responsibilities, {
    what,
    format,
    withColumns,
  });

describe('files of results', () => {
  test.each(['csv', 'npy', 'parquet'] as const)(
    '%s: labels and responsibilities are read back exactly',
    async (format) => {
      const name = `x.${format}`;
      expect((await rowsOf(await write(format, 'labels'), name)).values).toEqual([...labels]);
      const { values, nFeatures } = await rowsOf(await write(format, 'responsibilities'), name);
      expect(nFeatures).toBe(K);
      expect(Float32Array.from(values)).toEqual(responsibilities);
    },
  );

  test.each(['csv', 'npy', 'parquet'] as const)(
    '%s: with the columns, in their own units, gaps and all',
    async (format) => {
      const file = await write(format, 'labels', true);
      // (the words of csv and Parquet are no numbers, and npy has no names)
      const asked = format === 'npy' ? undefined : ['length', 'label', 'label 2'];
      const { values, nFeatures } = await rowsOf(file, `x.${format}`, asked);
      expect(nFeatures).toBe(3);
      const row = (n: number) => values.slice(3 * n, 3 * n + 3);
      expect(row(1)).toEqual([10 + 2 * Math.sin(2), 20 + 4 * Math.sin(3), 1]);
      expect(row(2)).toEqual([10 + 2 * Math.sin(4), NaN, 2]);
    },
  );

  test('CSV: words are quoted where they must be, and a gap is an empty cell', async () => {
    const text = await (await write('csv', 'labels', true)).text();
    const [head, ...lines] = text.split('\n');
    expect(head).toBe('length,label,kind,label 2');
    expect(lines[0]).toMatch(/^10,[\d.]+,,0$/);
    expect(lines[1]).toMatch(/,"a ""word""",1$/);
    expect(lines[2]).toMatch(/^[\d.]+,,"one, two",2$/);
    expect(readCsv(text, { allowMissing: true }).samples.nSamples).toBe(N);
  });

  test.each(['csv', 'npy', 'parquet'] as const)(
    '%s: rows of the source that were left out keep their places; with the columns each sample says its row',
    async (format) => {
      const rows = Uint32Array.from({ length: N }, (_, n) => 3 * n + 1);
      const some = { ...data, rows, nSourceRows: 3 * N };
      const take = async (what: 'labels' | 'responsibilities', withColumns: boolean) =>
        rowsOf(
          await resultFile({ mixture, data: some }, what === 'labels' ? labels : responsibilities, {
            what,
            format,
            withColumns,
          }),
          `x.${format}`,
        );
      const { values } = await take('labels', false);
      expect(values).toEqual(
        Array.from({ length: 3 * N }, (_, row) => (row % 3 === 1 ? labels[(row - 1) / 3] : -1)),
      );
      const shares = await take('responsibilities', false);
      expect(shares.values.length).toBe(3 * N * K);
      expect(shares.values.slice(0, 2 * K).map(Math.fround)).toEqual([
        NaN,
        NaN,
        NaN,
        ...responsibilities.slice(0, K),
      ]);
      const table = await take('labels', true);
      const width = table.nFeatures;
      expect([0, 1, 2].map((n) => table.values[n * width])).toEqual([1, 4, 7]);
      expect([0, 1, 2].map((n) => table.values[n * width + width - 1])).toEqual([0, 1, 2]);
      expect(placeOf(some, 2)).toEqual([['row of the source, from 0', '7']]);
      expect(placeOf(data, 2)).toEqual([]);
    },
  );

  test('npy: the header is what NumPy writes', async () => {
    const bytes = new Uint8Array(await npyFile(new Int32Array(5), [5]).arrayBuffer());
    expect([...bytes.subarray(0, 10)]).toEqual([0x93, ...Buffer.from('NUMPY'), 1, 0, 118, 0]);
    expect(new TextDecoder().decode(bytes.subarray(10, 128))).toMatch(
      /^\{'descr': '<i4', 'fortran_order': False, 'shape': \(5,\), \} +\n$/,
    );
    expect(bytes.length).toBe(128 + 20);
  });

  test('a large file is written in slices, tells how far it is, and can be cancelled', async () => {
    const column = plainColumn('x', new Float64Array(400_000).fill(1 / 3));
    const seen: number[] = [];
    const file = await csvFile([column], 400_000, { onProgress: (done) => seen.push(done) });
    expect(file.size).toBe(2 + 400_000 * (String(1 / 3).length + 1));
    expect(seen.at(-1)).toBe(400_000);
    expect(seen.length).toBeGreaterThan(1);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    const cancel = new AbortController();
    const given = csvFile([column], 400_000, {
      signal: cancel.signal,
      onProgress: () => cancel.abort(new Error('enough')),
    });
    await expect(given).rejects.toThrow('enough');
  });

  test('any words and numbers come back from CSV', async () => {
    const word = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(word, fc.double({ noNaN: true, noDefaultInfinity: true })), {
          minLength: 1,
        }),
        async (rows) => {
          const words: OutColumn = plainColumn(
            'word',
            Int32Array.from(rows.keys()),
            rows.map(([text]) => text),
          );
          const numbers = plainColumn(
            'number',
            Float64Array.from(rows, ([, value]) => value),
          );
          const file = await csvFile([words, numbers], rows.length);
          const { values } = await rowsOf(file, 'x.csv', ['number']);
          expect(values.map((value) => value + 0)).toEqual(rows.map(([, value]) => value + 0));
        },
      ),
      { numRuns: 50 },
    );
  });

  test('columns of the source are its own where it keeps them, and names are never twice', () => {
    const [x, y, kind] = sourceColumns(data);
    expect([x.name, y.name, kind.name]).toEqual(['length', 'label', 'kind']);
    const twice = withOwnNames(['a', 'a', 'a 2'].map((name) => plainColumn(name, labels)));
    expect(new Set(twice.map(({ name }) => name)).size).toBe(3);
  });
});

describe('a model as JSON', () => {
  const rows = [
    [0, 1],
    [1, 0],
    [0, 0],
    [9, 9],
    [8, 9],
    [9, 8],
  ];

  test('loads back the same, with what the samples were standardised by', async () => {
    const context = await createContext({ backend: 'cpu' });
    const fitted = await GaussianMixture.fit(rows, { nComponents: 2, context });
    context.dispose();
    const json = modelJson(fitted, data);
    const again = readModel(json, data);
    expect(again.means).toEqual(fitted.means);
    expect(again.covariances).toEqual(fitted.covariances);
    const plain = { ...data, standardised: undefined };
    // what was subtracted and divided by, and the columns, are compared
    const by = (means: number[], scales: number[]) => ({
      ...data,
      standardised: { means: Float64Array.from(means), scales: Float64Array.from(scales) },
    });
    expect(readModel(json, by([10 + 9e-9, 20], [2, 4 - 3e-9])).nComponents).toBe(2);
    for (const other of [by([10, 20.1], [2, 4]), by([10, 20], [2, 4.001])]) {
      expect(() => readModel(json, other)).toThrow(
        expect.objectContaining({ code: 'FEATURE_MISMATCH', details: { feature: 'label' } }),
      );
    }
    const swapped = { ...data, featureNames: ['label', 'length'] };
    expect(() => readModel(json, swapped)).toThrow(
      expect.objectContaining({
        code: 'FEATURE_MISMATCH',
        message: 'Feature 1 of the model is "length", of the samples it is "label".',
      }),
    );
    // the library's own has no names
    const bare = { ...swapped, standardised: undefined };
    expect(readModel(JSON.stringify(fitted), bare).nComponents).toBe(2);
    expect(() => readModel(json, plain)).toThrow(/standardised/);
    expect(() => readModel(modelJson(fitted, plain), data)).toThrow(/standardised/);
    const wide = { ...plain, samples: { ...data.samples, nFeatures: 3 } };
    expect(() => readModel(modelJson(fitted, plain), wide)).toThrow(
      'The model has 2 features, the samples have 3.',
    );
  });

  test.each(['', '{}', '[1]', '{"format":"webgpu-em/gaussian-mixture","version":1}'])(
    'what is no model is refused with a typed error: %s',
    (text) => {
      expect(() => readModel(text, data)).toThrow(MixtureError);
    },
  );

  const hasPython =
    spawnSync('python3', ['-c', 'import sklearn.mixture'], { timeout: 60_000 }).status === 0;
  test.skipIf(!hasPython)(
    'the program for scikit-learn reads what the page reads, whatever stands above the numbers and however it is written',
    { timeout: 300_000 },
    async () => {
      const rows = Array.from({ length: 30 }, (_, n) => [Math.sin(n) + 9 * (n % 2), n / 7]);
      const fitted = await GaussianMixture.fit(rows, { nComponents: 2 });
      const expected = Array.from(await fitted.predict(rows));
      const folder = mkdtempSync(join(tmpdir(), 'webgpu-em-python-'));
      const names = ['Größe', 'b'];
      const lines = (cell: string, end: string, head = names.join(cell)) =>
        `${head}${end}${rows.map((row) => row.join(cell) + end).join('')}`;
      const comma = (text: string) => text.replaceAll('.', ',');
      const files: Readonly<Record<string, string | Uint8Array>> = {
        'plain.csv': lines(',', '\n'),
        'windows-1252.csv': Buffer.from(comma(lines(';', '\r\n')), 'latin1'),
        'utf-16.csv': Buffer.from(`\ufeff${lines('\t', '\r\n')}`, 'utf16le'),
        'sep.csv': comma(`sep=;\n${lines(';', '\n')}`),
        'comments.csv': `# of lab 7, run 3; a, b\n${lines(',', '\n')}`,
        'spaces.txt': lines('  ', '\n'),
        'infinite.csv': `${lines(',', '\n')}inf,1\n`,
      };
      const model = join(folder, 'model.json');
      writeFileSync(model, JSON.stringify({ ...fitted.toJSON(), features: names }));
      const paths = Object.entries(files).map(([name, content]) => {
        writeFileSync(join(folder, name), content);
        return join(folder, name);
      });
      // (in one process, as the packages take seconds to load)
      const program = [
        'import sys',
        'from load_model import load, read, label',
        'mixture, model = load(sys.argv[1])',
        'for path in sys.argv[2:]: print(*label(mixture, model, read(path, model["features"])))',
      ].join('\n');
      const { stdout, stderr } = spawnSync('python3', ['-c', program, model, ...paths], {
        env: {
          ...process.env,
          PYTHONPATH: new URL('../src/app/results', import.meta.url).pathname,
          PYTHONDONTWRITEBYTECODE: '1',
        },
      });
      expect(stderr.toString()).toBe('');
      const labels = stdout.toString().trim().split('\n');
      Object.keys(files).forEach((name, i) =>
        expect(labels[i].split(' ').map(Number).slice(0, 30), name).toEqual(expected),
      );
      rmSync(folder, { recursive: true });
    },
  );

  test('the program for scikit-learn is the one in docs/, and documented', () => {
    const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
    const program = read('src/app/results/load_model.py');
    // (Windows has another encoding by itself)
    expect(program).toContain('open(path, encoding="utf-8")');
    expect(read('docs/scikit-learn.md')).toContain(`\`\`\`python\n${program}\`\`\``);
  });
});
