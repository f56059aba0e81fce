import type { SourceData } from '../data/source-data.ts';
import type { FileForm } from '../data/table.ts';
import { literal, quoted } from './js-literal.ts';
import { FLECHETTE, FOREIGN } from './program-readers.ts';

/** A file or an address of a source, and how a program opens it. */
export interface ProgramFile {
  /** An expression: a stream of webgpu-em/io; of a foreign file all its rows, arrays of numbers. */
  readonly code: string;
  readonly isForeign: boolean;
  readonly imports: readonly string[];
  /** Functions that the expression calls. */
  readonly helpers: readonly string[];
  /** Of npm, beside webgpu-em. */
  readonly packages: readonly string[];
}

/** Formats by the endings that webgpu-em/io tells them by. */
const ENDINGS: readonly (readonly [FileForm['format'], RegExp])[] = [
  ['csv', /\.(csv|tsv|txt)$/i],
  ['npy', /\.npy$/i],
  ['parquet', /\.parquet$/i],
  ['arrow', /\.(arrow|feather)$/i],
];
/** What webgpu-em/io reads a format by. */
const READ_BY: Partial<Record<FileForm['format'], string>> = {
  parquet: 'hyparquet',
  arrow: FLECHETTE,
};

const FETCHED = `/** What an address answers. */
async function fetched(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(\`\${url} answers \${response.status}.\`);
  return response.blob();
}`;
const UNPACKED = `/** What a gzip file holds. */
const unpacked = (blob) =>
  new Response(blob.stream().pipeThrough(new DecompressionStream('gzip'))).blob();`;

const FINITE = `/** A stream, its infinite numbers missing, as they are on the page. */
const finite = (stream) => ({
  ...stream,
  async *chunks(scope) {
    for await (const chunk of stream.chunks(scope)) {
      yield { ...chunk, data: chunk.data.map((value) => (Number.isFinite(value) ? value : NaN)) };
    }
  },
});`;
const FINITE_ROWS = `/** Rows, their infinite numbers missing, as they are on the page. */
const finiteRows = (rows) =>
  rows.map((row) => row.map((value) => (Number.isFinite(value) ? value : NaN)));`;

/** The source's files, in their order. */
export function filesOf(data: SourceData): ProgramFile[] {
  const { origin, reading } = data;
  if (origin.kind === 'built-in') throw new Error('Built-in samples have no files.');
  const isUrl = origin.kind === 'url';
  const places = isUrl ? [origin.url] : origin.fileNames;
  return places.map((place, i) =>
    fileOf(data, place, isUrl, reading?.forms[i] ?? formByName(place)),
  );
}

function fileOf(data: SourceData, place: string, isUrl: boolean, form: FileForm): ProgramFile {
  const foreign = form.isForeign ? FOREIGN[form.format] : undefined;
  const isPlain = !isUrl && !form.isGzip && !foreign;
  const read = isUrl
    ? `await fetched(${quoted(place)})`
    : `new Blob([await readFile(${quoted(place)})])`;
  const blob = form.isGzip ? `await unpacked(${read})` : read;
  const columns = literal(columnsAsked(data, form));
  const isTold = formatByName(place) === form.format && isPlain;
  const isCsv = form.format === 'csv';
  const isInfinite = !isCsv && data.missingWords !== undefined;
  const asked = [
    ...(isTold ? [] : [`format: ${quoted(form.format)}`]),
    `columns: ${columns}`,
    ...(isCsv && data.missingWords ? [`missing: ${literal(data.missingWords)}`] : []),
    ...(form.hasShortRows ? [`shortRows: 'missing'`] : []),
  ];
  const from = isPlain ? quoted(place) : blob;
  const readBy = READ_BY[form.format];
  const code = foreign
    ? foreign.call(blob, data, form)
    : `await ${isPlain ? 'fromNodeFile' : 'fromFile'}(${from}, { ${asked.join(', ')} })`;
  const taken = foreign ? 'finiteRows' : 'finite';
  return {
    code: isInfinite ? `${taken}(${code})` : code,
    isForeign: foreign !== undefined,
    imports: [
      ...(isPlain || isUrl ? [] : [`import { readFile } from 'node:fs/promises';`]),
      ...(foreign?.imports(form) ?? []),
    ],
    helpers: [
      ...(isUrl ? [FETCHED] : []),
      ...(form.isGzip ? [UNPACKED] : []),
      ...(isInfinite ? [foreign ? FINITE_ROWS : FINITE] : []),
      ...(foreign?.helpers(form) ?? []),
    ],
    packages: foreign ? foreign.packages(form) : readBy === undefined ? [] : [readBy],
  };
}

/** By name, or by position from 0. */
function columnsAsked(
  { origin, columnKeys, reading }: SourceData,
  { format }: FileForm,
): readonly (string | number)[] {
  // columns of npy files have no names in them: the page numbers them
  if (format === 'npy' && reading) return reading.positions;
  return columnKeys ?? origin.columns ?? [];
}

function formatByName(place: string): FileForm['format'] | undefined {
  const [path] = place.split(/[?#]/);
  return ENDINGS.find(([, ending]) => ending.test(path))?.[0];
}

function formByName(place: string): FileForm {
  return { format: formatByName(place) ?? 'csv', isGzip: false, isForeign: false };
}
