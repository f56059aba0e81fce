import type { SourceData } from '../data/source-data.ts';
import { count } from '../shared/format.ts';
import { literal, oneLine, quoted } from './js-literal.ts';

/** Where a program has its samples from: imports, and lines that define `samples`. */
export interface SamplesCode {
  readonly imports: readonly string[];
  readonly lines: readonly string[];
}

/** Endings that webgpu-em/io reads; the page reads more. */
const READABLE = /\.(npy|f32|f64|csv|tsv|txt|parquet|arrow|feather)$/i;

/** Files or an address. Rows are left out, and columns standardised, as the page did. */
export function fromSource(data: SourceData): SamplesCode {
  const {
    origin,
    samples,
    nMissing,
    missingWords,
    standardised,
    featureNames,
    every = 1,
    nRowsRead,
  } = data;
  if (origin.kind === 'built-in') throw new Error('Built-in samples have no source.');
  const isUrl = origin.kind === 'url';
  const open = isUrl ? 'fromUrl' : 'fromNodeFile';
  const places = isUrl ? [origin.url] : origin.fileNames;
  const paths = isUrl ? [origin.url.split(/[?#]/)[0]] : origin.fileNames;
  const isOne = places.length === 1;
  const remarks = [
    ...(paths.every((path) => READABLE.test(path))
      ? []
      : [
          '// (webgpu-em/io reads npy, CSV, Parquet and Arrow: save the samples as one of these first)',
        ]),
    ...(isUrl
      ? []
      : ['// in the folder that the program is run in; in a browser: fromFile(file, ...)']),
  ];
  if (nRowsRead !== undefined) {
    remarks.push(
      `// (the page has read the first ${count(nRowsRead)} rows only; this reads all of them)`,
    );
  }
  const columns = literal(columnsAsked(data, paths));
  const missing = missingWords ? `, missing: ${literal(missingWords)}` : '';
  if (isOne && every === 1 && standardised === undefined && nMissing > 0) {
    const opened = `await ${open}(${quoted(places[0])}, { columns: ${columns}${missing} })`;
    return {
      imports: [`import { ${open} } from 'webgpu-em/io';`],
      lines: [...remarks, `const samples = ${opened};`],
    };
  }
  const done = [
    ...(isOne ? [] : ['the files are one table, in this order']),
    ...(every > 1 ? [`one of every ${every} rows is taken`] : []),
    ...(nMissing > 0 ? [] : ['rows with a missing value are left out']),
    ...(standardised ? ['each column has mean 0 and standard deviation 1'] : []),
  ];
  const loop = chunkLoop(data);
  return {
    imports: [`import { fromChunks, ${open} } from 'webgpu-em/io';`],
    lines: [
      ...remarks,
      ...(isOne
        ? [`const file = await ${open}(${quoted(places[0])}, { columns: ${columns}${missing} });`]
        : [
            `const columns = ${columns};`,
            'const files = [',
            ...places.map((place) => `  await ${open}(${quoted(place)}, { columns${missing} }),`),
            '];',
          ]),
      ...(standardised ? scaling(standardised) : []),
      `// ${done.join('; ')}`,
      'async function* rows() {',
      ...(every > 1 ? ['  let seen = 0;'] : []),
      ...(isOne ? loop : ['  for (const file of files) {', ...loop.map(indented), '  }']),
      '}',
      `const samples = fromChunks(rows, { nFeatures: ${samples.nFeatures} }); // ${oneLine(featureNames.join(', '))}`,
    ],
  };
}

/** The rows of a file that are taken. */
function chunkLoop({ nMissing, standardised, every = 1 }: SourceData): string[] {
  return [
    '  for await (const { data, nSamples, nFeatures } of file.chunks()) {',
    '    const values = [];',
    '    for (let n = 0; n < nSamples; n++) {',
    ...(every > 1 ? [`      if (seen++ % ${every} > 0) continue;`] : []),
    '      const row = Array.from(data.slice(n * nFeatures, (n + 1) * nFeatures));',
    ...(nMissing > 0 ? [] : ['      if (row.some(Number.isNaN)) continue;']),
    standardised
      ? '      values.push(row.map((value, d) => (value - means[d]) / scales[d]));'
      : '      values.push(row);',
    '    }',
    '    yield values;',
    '  }',
  ];
}

const indented = (line: string): string => `  ${line}`;

export function scaling({ means, scales }: NonNullable<SourceData['standardised']>): string[] {
  return [`const means = [${means.join(', ')}];`, `const scales = [${scales.join(', ')}];`];
}

/** By name, or by position from 0. */
function columnsAsked(
  { origin, columnKeys }: SourceData,
  paths: readonly string[],
): readonly (string | number)[] {
  const { columns = [] } = origin;
  // columns of npy files have no names in them: the page numbers them
  if (paths.every((path) => /\.npy$/i.test(path))) return columns.map(positionOf);
  return columnKeys ?? columns;
}

/** "column 1" is at 0. */
function positionOf(name: string, index: number): number {
  const [digits] = /\d+$/.exec(name) ?? [];
  return digits === undefined ? index : Number(digits) - 1;
}
