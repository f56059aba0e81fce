import type { SourceData } from '../data/source-data.ts';
import { count } from '../shared/format.ts';
import { oneLine } from './js-literal.ts';
import { filesOf } from './program-files.ts';
import type { ProgramFile } from './program-files.ts';

/** Where a program has its samples from: imports, functions, and lines that define `samples`. */
export interface SamplesCode {
  readonly imports: readonly string[];
  readonly helpers?: readonly string[];
  /** Of npm, beside webgpu-em. */
  readonly packages?: readonly string[];
  readonly lines: readonly string[];
}

/** Files or an address. Rows are left out, and columns standardised, as the page did. */
export function fromSource(data: SourceData): SamplesCode {
  const { origin, nMissing, standardised, every = 1, nRowsRead } = data;
  const files = filesOf(data);
  const isInMemory = files.some(({ isForeign }) => isForeign);
  const isAsItIs = standardised === undefined && nMissing > 0 && every === 1 && !nRowsRead;
  const isWhole = files.length === 1 && isAsItIs;
  const {
    imports,
    lines,
    helpers = [],
  } = isWhole
    ? { imports: [], lines: [`const samples = ${files[0].code};`] }
    : isInMemory
      ? inMemory(data, files)
      : streamed(data, files);
  const calls = files.map(({ code }) => code).join('\n');
  const io = [
    ...imports,
    ...['fromFile', 'fromNodeFile'].filter((name) => calls.includes(`${name}(`)),
  ];
  return {
    imports: [
      ...(io.length > 0 ? [`import { ${io.sort().join(', ')} } from 'webgpu-em/io';`] : []),
      ...distinct(files.flatMap((file) => file.imports)),
    ],
    helpers: distinct([...files.flatMap((file) => file.helpers), ...helpers]),
    packages: distinct(files.flatMap((file) => file.packages)),
    lines: [...(origin.kind === 'url' ? [] : [placeRemark(data, calls)]), ...lines],
  };
}

function placeRemark({ origin }: SourceData, calls: string): string {
  if (origin.kind === 'file' && origin.isPasted) {
    return `// save the pasted text as ${oneLine(origin.fileNames[0])} in the folder that the program is run in`;
  }
  return calls.includes('readFile(')
    ? '// in the folder that the program is run in; in a browser, in place of new Blob(...): the chosen file'
    : '// in the folder that the program is run in; in a browser: fromFile(file, ...)';
}

interface Part {
  /** Of webgpu-em/io. */
  readonly imports: readonly string[];
  readonly helpers?: readonly string[];
  readonly lines: readonly string[];
}

/** Rows a chunk at a time. */
function streamed(data: SourceData, files: readonly ProgramFile[]): Part {
  const { samples, standardised, featureNames, every = 1, nRowsRead } = data;
  const isOne = files.length === 1;
  const counts = every > 1 || nRowsRead !== undefined;
  const loop = chunkLoop(data);
  return {
    imports: ['fromChunks'],
    lines: [
      ...(isOne
        ? [`const file = ${files[0].code};`]
        : ['const files = [', ...files.map(({ code }) => `  ${code},`), '];']),
      ...(standardised ? scaling(standardised) : []),
      ...done(data, files),
      'async function* rows() {',
      ...(counts ? ['  let seen = 0;'] : []),
      ...(isOne ? loop : ['  for (const file of files) {', ...loop.map(indented), '  }']),
      '}',
      `const samples = fromChunks(rows, { nFeatures: ${samples.nFeatures} }); // ${oneLine(featureNames.join(', '))}`,
    ],
  };
}

/** The rows of a file that are taken. */
function chunkLoop(data: SourceData): string[] {
  const { nMissing, standardised, every = 1, nRowsRead } = data;
  return [
    '  for await (const { data, nSamples, nFeatures } of file.chunks()) {',
    '    const values = [];',
    '    for (let n = 0; n < nSamples; n++) {',
    ...(nRowsRead === undefined ? [] : [`      if (seen++ >= ${nRowsRead}) break;`]),
    ...(every > 1 ? [`      if (seen++ % ${every} > 0) continue;`] : []),
    '      const row = Array.from(data.slice(n * nFeatures, (n + 1) * nFeatures));',
    ...(nMissing > 0 ? [] : ['      if (row.some(Number.isNaN)) continue;']),
    standardised ? `      values.push(${standardisedRow(data)});` : '      values.push(row);',
    '    }',
    '    yield values;',
    '  }',
  ];
}

/** In two lines of a chain: arrays of rows. */
const ROWS_OF = `/** All rows of a stream. */
async function rowsOf(stream) {
  const rows = [];
  for await (const { data, nSamples, nFeatures } of stream.chunks()) {
    for (let n = 0; n < nSamples; n++) {
      rows.push(Array.from(data.slice(n * nFeatures, (n + 1) * nFeatures)));
    }
  }
  return rows;
}`;

function inMemory(data: SourceData, files: readonly ProgramFile[]): Part {
  const { nMissing, standardised, featureNames, every = 1, nRowsRead } = data;
  const rows = files.map(({ code, isForeign }) => (isForeign ? code : `await rowsOf(${code})`));
  const chain = [
    ...(nRowsRead === undefined ? [] : [`  .slice(0, ${nRowsRead})`]),
    ...(every > 1 ? [`  .filter((_, n) => n % ${every} === 0)`] : []),
    ...(nMissing > 0 ? [] : ['  .filter((row) => !row.some(Number.isNaN))']),
    ...(standardised ? [`  .map((row) => ${standardisedRow(data)})`] : []),
  ];
  return {
    imports: [],
    helpers: files.every(({ isForeign }) => isForeign) ? [] : [ROWS_OF],
    lines: [
      ...(rows.length === 1
        ? [`const rows = ${rows[0]};`]
        : ['const rows = [', ...rows.map((row) => `  ...(${row}),`), '];']),
      ...(standardised ? scaling(standardised) : []),
      ...done(data, files),
      ...(chain.length === 0 ? ['const samples = rows'] : ['const samples = rows', ...chain]).map(
        (line, i, all) =>
          i === all.length - 1 ? `${line}; // ${oneLine(featureNames.join(', '))}` : line,
      ),
    ],
  };
}

/** What is done with the rows, as a remark. */
function done(
  { nMissing, standardised, every = 1, nRowsRead }: SourceData,
  files: readonly ProgramFile[],
): string[] {
  const words = [
    ...(files.length === 1 ? [] : ['the files are one table, in this order']),
    ...(nRowsRead === undefined
      ? []
      : [`the page has read the first ${count(nRowsRead)} rows only`]),
    ...(every > 1 ? [`one of every ${every} rows is taken`] : []),
    ...(nMissing > 0 ? [] : ['rows with a missing value are left out']),
    ...(standardised ? ['each column has mean 0 and standard deviation 1'] : []),
  ];
  return words.length === 0 ? [] : [`// ${words.join('; ')}`];
}

/** In float32 where the page keeps them so. */
function standardisedRow({ samples }: SourceData): string {
  const z = '(value - means[d]) / scales[d]';
  return `row.map((value, d) => ${samples.data instanceof Float32Array ? `Math.fround(${z})` : z})`;
}

const indented = (line: string): string => `  ${line}`;
const distinct = (list: readonly string[]): string[] => [...new Set(list)];

export function scaling({ means, scales }: NonNullable<SourceData['standardised']>): string[] {
  return [`const means = [${means.join(', ')}];`, `const scales = [${scales.join(', ')}];`];
}
