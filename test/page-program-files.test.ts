import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  CompressionType,
  float64,
  setCompressionCodec,
  tableFromArrays,
  tableToIPC,
  timestamp,
} from '@uwdata/flechette';
import { zipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { compress, decompress } from 'lz4js';
import { afterAll, afterEach, expect, test } from 'vitest';
import { assemble } from '../src/app/data/assemble.ts';
import { choiceOf } from '../src/app/data/choice.ts';
import type { Choice } from '../src/app/data/choice.ts';
import { readTables } from '../src/app/data/read-tables.ts';
import { ownFiles, ownText } from '../src/app/data/sources.ts';
import type { TableSource } from '../src/app/data/sources.ts';
import { clumps } from '../src/app/data/synthetic.ts';
import { labelProgramOf } from '../src/app/results/label-program.ts';
import { modelJson } from '../src/app/results/model-file.ts';
import { npyFile } from '../src/app/results/npy-file.ts';
import { programOf } from '../src/app/results/program.ts';
import { recipeOf } from '../src/app/results/recipe-of.ts';
import { computeResult, resultFile } from '../src/app/results/result-file.ts';
import { GaussianMixture } from '../src/index.ts';
import { idx } from './setup/idx-bytes.ts';
import { runProgram } from './setup/run-program.ts';
import { disposeContexts, openSession } from './support/page-session.ts';

const folder = mkdtempSync(join(tmpdir(), 'webgpu-em-foreign-'));
afterEach(disposeContexts);
afterAll(() => rmSync(folder, { recursive: true }));

const N = 200;
const { data: values } = clumps(N, 1);
const x = Array.from({ length: N }, (_, n) => values[2 * n]);
const y = Array.from({ length: N }, (_, n) => values[2 * n + 1]);
const csv = `x,y,z\n${x.map((value, n) => `${value},${n % 20 === 3 ? '' : y[n]},1`).join('\n')}\n`;
const npy = async (data: Parameters<typeof npyFile>[0], ...shape: number[]) =>
  new Uint8Array(await npyFile(data, shape).arrayBuffer());

setCompressionCodec(CompressionType.LZ4_FRAME, { encode: compress, decode: decompress });
const arrow = tableFromArrays(
  { x, y: y.map((value) => Math.round(1e6 * value)), words: x.map((_, n) => 'ab'[n % 2]) },
  { types: { x: float64(), y: timestamp(1) } },
);
const pixels = Array.from({ length: 4 * N }, (_, i) => Math.round(128 + 12 * values[i % (2 * N)]));

/** By the name of a file: its bytes, and what of it is told apart in the program. */
const FILES: Readonly<Record<string, readonly [Uint8Array, RegExp]>> = {
  'packed.csv.gz': [gzipSync(csv), /await fromFile\(\s*await unpacked\(.*'packed.csv.gz'/],
  'table.dat': [Buffer.from(csv), /await fromNodeFile\('table.dat', \{ format: 'csv',/],
  'two.npz': [
    zipSync({
      'x.npy': await npy(Float64Array.from(x), N),
      'both.npy': await npy(Float64Array.from(values), N, 2),
      'short.npy': await npy(Float64Array.of(1), 1),
    }),
    /npm install webgpu-em fflate\n/,
  ],
  'cube.npy': [await npy(Float64Array.from(values), N / 2, 2, 2), /npyRows\(/],
  'plain.npy.gz': [gzipSync(await npy(Float64Array.from(values), N, 2)), /format: 'npy'/],
  'images-idx3-ubyte': [idx([N, 2, 2], pixels), /await idxRows\(/],
  'packed.arrow': [
    tableToIPC(arrow, { format: 'file', codec: CompressionType.LZ4_FRAME })!,
    /npm install webgpu-em @uwdata\/flechette@2.3 lz4js\n/,
  ],
  'packed.parquet': [
    new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'x', data: x, type: 'DOUBLE' },
          { name: 'when', data: y.map((value) => new Date(1e9 * value)), type: 'TIMESTAMP' },
        ],
      }),
    ),
    /npm install webgpu-em hyparquet hyparquet-compressors\n/,
  ],
};

const listener = { onProgress() {}, onFirst() {}, onEstimate: () => Promise.resolve(1) };

/** @param every of so many rows one is taken, as of a file that is too large */
async function opened(source: TableSource, choice: Partial<Choice>, every = 1, names?: RegExp) {
  const table = await readTables(source.inputs, listener);
  const columns = [...table.columns.keys()].filter((c) => names?.test(table.columns[c].name));
  const own = { ...choiceOf(table, {}), ...(names ? { columns } : {}), ...choice };
  const whole = await assemble(table, own, source);
  const { data, nFeatures } = whole.samples;
  const taken = data.filter((_, i) => Math.floor(i / nFeatures) % every === 0);
  const samples = { data: taken, nSamples: taken.length / nFeatures, nFeatures };
  const session = await openSession({
    data: { ...whole, samples, every },
    settings: { maxIter: 4, regCovar: 1e-3 },
  });
  await session.until(() => ['converged', 'exhausted'].includes(session.session.phase));
  const { mixture, data: fitted, dataset } = session.session;
  const request = { what: 'labels', format: 'csv', withColumns: false } as const;
  const at = { mixture: mixture!, data: fitted!, dataset: dataset!, context: session.context };
  const labels = await resultFile(at, await computeResult(at, request), request);
  return {
    code: programOf(recipeOf(session.session)!),
    shown: mixture!,
    json: modelJson(mixture!, fitted!),
    labelling: labelProgramOf(fitted!),
    /** As the page gives them. */
    labels: (await labels.text()).trimEnd().split('\n').slice(1).join('\n'),
  };
}

/** Of the largest of each kind. */
function expectSame(json: string, shown: GaussianMixture): void {
  const made = GaussianMixture.fromJSON(json);
  for (const name of ['weights', 'means', 'covariances'] as const) {
    const size = Math.max(...shown[name].map(Math.abs));
    expect(made[name].length).toBe(shown[name].length);
    made[name].forEach((value, i) =>
      expect(Math.abs(value - shown[name][i])).toBeLessThan(1e-9 * size),
    );
  }
}

test.each(Object.entries(FILES))(
  'the program of %s reads it as the page did',
  async (name, [bytes, said]) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    const file = new File([Uint8Array.from(bytes)], name);
    for (const choice of [
      { missing: 'leave out', standardise: true },
      { missing: 'fit', standardise: false },
    ] as const) {
      const { code, shown, json, labelling, labels } = await opened(ownFiles([file]), choice);
      expect(code).toMatch(said);
      expectSame(await runProgram(code, { [name]: path }), shown);
      // and the downloaded model labels the file as it is, whatever it was standardised by
      const model = join(folder, 'model.json');
      writeFileSync(model, json);
      const [, modelName] = /readFile\('(.*-model\.json)', 'utf8'\)/.exec(labelling)!;
      expect(await runProgram(labelling, { [name]: path, [modelName]: model })).toBe(labels);
    }
  },
);

/** Tables as they are found, each with what its program says beside its name. */
const R_ROWS = x.map((value, n) => `"r ${n}" ${value} ${n % 20 === 3 ? 'oops' : y[n]} "a b"`);
const WESTERN = x.map((value, n) => `Köln;${value};${y[n]};`.replaceAll('.', ','));
const TABLES: Readonly<Record<string, readonly [Uint8Array, RegExp]>> = {
  'spaced.dat': [
    Buffer.from(
      `Pairs of numbers\n\nDescription: the second is\n   missing at times, or infinite.\n\n     x   y\n${x
        .map((value, n) => `${n + 1}  ${value}   ${n % 20 === 3 ? '?' : n === 8 ? '-Inf' : y[n]}\n`)
        .join('')}`,
    ),
    /'spaced.dat', \{ format: 'csv', columns: \['x', 'y'\], missing: \['-Inf'\] \}/,
  ],
  'from-r.txt': [
    Buffer.from(`"x" "y" "kind"\n${R_ROWS.join('\n')}\n"short" 1.5\n`),
    /columns: \['x', 'y'\], missing: \['oops'\], shortRows: 'missing'/,
  ],
  'western.csv': [
    Buffer.from(`Ort;Größe;y\n${WESTERN.join('\r\n')}\r\nMainz;?;1,5;\r\n`, 'latin1'),
    /'western.csv', \{ columns: \['Größe', 'y'\] \}/,
  ],
  'infinite.npy': [
    await npy(
      values.map((value, i) => (i === 7 ? Infinity : i === 20 ? NaN : value)),
      N,
      2,
    ),
    /finite\(await fromNodeFile\('infinite.npy'/,
  ],
  'infinite.npz': [
    zipSync({
      'both.npy': await npy(
        values.map((value, i) => (i === 7 ? -Infinity : value)),
        N,
        2,
      ),
    }),
    /finiteRows\(await npzRows\(/,
  ],
};

test.each(Object.entries(TABLES))(
  'the program of %s reads it as the page did, what is no number too',
  async (name, [bytes, said]) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    const source = ownFiles([new File([Uint8Array.from(bytes)], name)]);
    for (const missing of ['leave out', 'fit'] as const) {
      const choice = { odd: 'missing', missing, standardise: missing === 'fit' } as const;
      const { code, shown } = await opened(
        source,
        choice,
        1,
        name.startsWith('infinite') ? undefined : /^(x|y|Größe)$/,
      );
      expect(code).toMatch(said);
      expectSame(await runProgram(code, { [name]: path }), shown);
    }
  },
);

test('the program of a foreign file takes one of every 3 rows where the page did', async () => {
  const [bytes] = FILES['two.npz'];
  const path = join(folder, 'thin.npz');
  writeFileSync(path, bytes);
  const source = ownFiles([new File([Uint8Array.from(bytes)], 'thin.npz')]);
  const { code, shown } = await opened(source, { standardise: true }, 3);
  expect(code).toContain('n % 3 === 0');
  expectSame(await runProgram(code, { 'thin.npz': path }), shown);
});

test('what was pasted stands in the program; where it is long, its file is asked for', async () => {
  const short = await opened(ownText(csv), { missing: 'leave out', standardise: true });
  expect(short.code).not.toContain('fromNodeFile');
  expectSame(await runProgram(short.code), short.shown);
  const long = `x,y\n${`${csv.split('\n').slice(1, -1).join('\n')}\n`.repeat(11).replaceAll(',1\n', '\n')}`;
  const source = ownText(long);
  const path = join(folder, 'pasted.csv');
  writeFileSync(path, long);
  const { code, shown } = await opened(source, { missing: 'leave out' });
  const [, name] = /save the pasted text as (\S+) in the folder/.exec(code)!;
  expectSame(await runProgram(code, { [name]: path }), shown);
});
