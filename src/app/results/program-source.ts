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
  const { nMissing, standardised, every = 1, nRowsRead } = data;
  const files = filesOf(data);
  const isAsItIs = standardised === undefined && nMissing > 0 && every === 1 && !nRowsRead;
  if (files.length === 1 && isAsItIs) {
    return partOf(data, files, { imports: [], lines: [`const samples = ${files[0].code};`] });
  }
  const isInMemory = files.some(({ isForeign }) => isForeign);
  return partOf(data, files, isInMemory ? inMemory(data, files) : streamed(data, files));
}

/** All rows of the source in its own units, those that were left out too: `rows`, arrays of numbers. */
export function allRows(data: SourceData): SamplesCode {
  const files = filesOf(data);
  return partOf(data, files, { imports: [], ...rowsInMemory(files) });
}

function partOf(
  data: SourceData,
  files: readonly ProgramFile[],
  { imports, helpers = [], lines }: Part,
): SamplesCode {
  const calls = files.map(({ code }) => code).join('\n');
  const opens = ['fromFile', 'fromNodeFile'].filter((name) => calls.includes(`${name}(`));
  const io = [...imports, ...opens].sort();
  return {
    imports: [
      ...(io.length > 0 ? [`import { ${io.join(', ')} } from 'webgpu-em/io';`] : []),
      ...distinct(files.flatMap((file) => file.imports)),
    ],
    helpers: distinct([...files.flatMap((file) => file.helpers), ...helpers]),
    packages: distinct(files.flatMap((file) => file.packages)),
    lines: [
      ...(data.origin.kind === 'url' ? [] : [placeRemark(data, calls)]),
      ...wordsRemark(data),
      ...lines,
    ],
  };
}

/** So many texts of a column that are no numbers the page keeps. */
const MOST_WORDS = 100;

function wordsRemark({ missingWords = [] }: SourceData): string[] {
  if (missingWords.length < MOST_WORDS) return [];
  return [
    `// the page took every text among numbers as missing, and knows the first ${MOST_WORDS} of a column: add to \`missing\` others that an error names`,
  ];
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
  readonly helpers?: readonly string[] | undefined;
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

/** `rows`, all of them. */
function rowsInMemory(files: readonly ProgramFile[]): Pick<Part, 'helpers' | 'lines'> {
  const rows = files.map(({ code, isForeign }) => (isForeign ? code : `await rowsOf(${code})`));
  return {
    helpers: files.every(({ isForeign }) => isForeign) ? [] : [ROWS_OF],
    lines:
      rows.length === 1
        ? [`const rows = ${rows[0]};`]
        : ['const rows = [', ...rows.map((row) => `  ...(${row}),`), '];'],
  };
}

function inMemory(data: SourceData, files: readonly ProgramFile[]): Part {
  const { nMissing, standardised, featureNames, every = 1, nRowsRead } = data;
  const { helpers, lines } = rowsInMemory(files);
  const chain = [
    'const samples = rows',
    ...(nRowsRead === undefined ? [] : [`  .slice(0, ${nRowsRead})`]),
    ...(every > 1 ? [`  .filter((_, n) => n % ${every} === 0)`] : []),
    ...(nMissing > 0 ? [] : ['  .filter((row) => !row.some(Number.isNaN))']),
    ...(standardised ? [`  .map((row) => ${standardisedRow(data)})`] : []),
  ];
  return {
    imports: [],
    helpers,
    lines: [
      ...lines,
      ...(standardised ? scaling(standardised) : []),
      ...done(data, files),
      ...chain.slice(0, -1),
      `${chain.at(-1)}; // ${oneLine(featureNames.join(', '))}`,
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
export function standardisedRow({ samples }: SourceData): string {
  const z = '(value - means[d]) / scales[d]';
  return `row.map((value, d) => ${samples.data instanceof Float32Array ? `Math.fround(${z})` : z})`;
}

const indented = (line: string): string => `  ${line}`;
const distinct = (list: readonly string[]): string[] => [...new Set(list)];

export function scaling({ means, scales }: NonNullable<SourceData['standardised']>): string[] {
  return [`const means = [${means.join(', ')}];`, `const scales = [${scales.join(', ')}];`];
}
