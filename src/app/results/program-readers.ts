import type { SourceData } from '../data/source-data.ts';
import type { FileForm } from '../data/table.ts';
import { literal, quoted } from './js-literal.ts';

/** How a program reads a file that webgpu-em/io does not: all its rows at once. */
export interface ForeignReader {
  /** @param blob an expression */
  call(blob: string, data: SourceData, form: FileForm): string;
  imports(form: FileForm): readonly string[];
  helpers(form: FileForm): readonly string[];
  packages(form: FileForm): readonly string[];
}

/** With the version that the page reads Arrow by. */
export const FLECHETTE = '@uwdata/flechette@2.3';

const NPY = `/** Rows of an array that NumPy saved, of some columns. */
function npyRows(bytes, columns) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = bytes[6] === 1 ? 10 + view.getUint16(8, true) : 12 + view.getUint32(8, true);
  const header = new TextDecoder('latin1').decode(bytes.subarray(10, start));
  const [, order, kind, size] = /'descr': *'(.)(.)(\\d+)'/.exec(header);
  const [nRows, ...rest] = /'shape': *\\(([^)]*)\\)/.exec(header)[1].match(/\\d+/g).map(Number);
  const width = rest.reduce((product, length) => product * length, 1);
  const type = { f: 'Float', i: 'Int', u: 'Uint', b: 'Uint' }[kind];
  const get = \`get\${size === '8' && type !== 'Float' ? 'Big' : ''}\${type}\${8 * size}\`;
  const isFortran = /'fortran_order': *True/.test(header);
  return Array.from({ length: nRows }, (_, n) =>
    columns.map((d) => {
      const at = isFortran ? d * nRows + n : n * width + d;
      return Number(view[get](start + at * size, order !== '>'));
    }),
  );
}`;
const NPZ = `/** Rows of an archive of arrays, side by side: [name, columns] of each. */
async function npzRows(blob, arrays) {
  const files = unzipSync(new Uint8Array(await blob.arrayBuffer()));
  const parts = arrays.map(([name, columns]) => npyRows(files[name], columns));
  return parts[0].map((_, n) => parts.flatMap((rows) => rows[n]));
}`;
const IDX = `/** Rows of an IDX file of bytes, an image or a label each, of some pixels. */
async function idxRows(blob, columns) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const view = new DataView(bytes.buffer);
  const [nRows, ...rest] = Array.from({ length: bytes[3] }, (_, i) => view.getUint32(4 + 4 * i));
  const width = rest.reduce((product, length) => product * length, 1);
  const start = 4 + 4 * bytes[3];
  return Array.from({ length: nRows }, (_, n) => columns.map((d) => bytes[start + n * width + d]));
}`;
const PARQUET = `/** Rows of a Parquet file, whatever it is packed with; of dates milliseconds. */
async function parquetRows(blob, columns) {
  const file = await blob.arrayBuffer();
  const rows = await parquetReadObjects({ file, columns, compressors });
  return rows.map((row) => columns.map((name) => Number(row[name] ?? NaN)));
}`;
const ARROW = `/** Rows of an Arrow file; of dates milliseconds. */
async function arrowRows(blob, columns) {
  const table = tableFromIPC(new Uint8Array(await blob.arrayBuffer()), { useBigInt: true });
  const values = columns.map((name) => table.getChild(name));
  return Array.from({ length: table.numRows }, (_, n) =>
    values.map((column) => Number(column.at(n) ?? NaN)),
  );
}`;

/** By the position of the feature's column. */
const positions = ({ reading }: SourceData): string => literal(reading?.positions ?? []);
const names = ({ origin }: SourceData): string => literal(origin.columns ?? []);

const CODECS = {
  lz4: {
    type: 'LZ4_FRAME',
    package: 'lz4js',
    // (a CommonJS module, which has no names of its own in Node)
    import: `import lz4 from 'lz4js';`,
    decode: '(bytes) => lz4.decompress(bytes)',
  },
  zstd: {
    type: 'ZSTD',
    package: 'fzstd',
    import: `import { decompress } from 'fzstd';`,
    decode: '(bytes) => decompress(bytes).slice()',
  },
} as const;
const codecsOf = ({ codecs = [] }: FileForm) => codecs.map((name) => CODECS[name]);

export const FOREIGN: Partial<Record<FileForm['format'], ForeignReader>> = {
  npy: {
    call: (blob, data) =>
      `npyRows(new Uint8Array(await (${blob}).arrayBuffer()), ${positions(data)})`,
    imports: () => [],
    helpers: () => [NPY],
    packages: () => [],
  },
  npz: {
    call: (blob, data, form) => `await npzRows(${blob}, [${arraysOf(data, form).join(', ')}])`,
    imports: () => [`import { unzipSync } from 'fflate';`],
    helpers: () => [NPY, NPZ],
    packages: () => ['fflate'],
  },
  idx: {
    call: (blob, data) => `await idxRows(${blob}, ${positions(data)})`,
    imports: () => [],
    helpers: () => [IDX],
    packages: () => [],
  },
  parquet: {
    call: (blob, data) => `await parquetRows(${blob}, ${names(data)})`,
    imports: () => [
      `import { parquetReadObjects } from 'hyparquet';`,
      `import { compressors } from 'hyparquet-compressors';`,
    ],
    helpers: () => [PARQUET],
    packages: () => ['hyparquet', 'hyparquet-compressors'],
  },
  arrow: {
    call: (blob, data) => `await arrowRows(${blob}, ${names(data)})`,
    imports: (form) => [
      codecsOf(form).length > 0
        ? `import { CompressionType, setCompressionCodec, tableFromIPC } from '@uwdata/flechette';`
        : `import { tableFromIPC } from '@uwdata/flechette';`,
      ...codecsOf(form).map((codec) => codec.import),
    ],
    helpers: (form) => [
      ...codecsOf(form).map(
        ({ type, decode }) =>
          `setCompressionCodec(CompressionType.${type}, { decode: ${decode}, encode: undefined });`,
      ),
      ARROW,
    ],
    packages: (form) => [FLECHETTE, ...codecsOf(form).map((codec) => codec.package)],
  },
};

/** The arrays that have features, with the positions of these in them. */
function arraysOf({ reading }: SourceData, { arrays = [] }: FileForm): string[] {
  let first = 0;
  return arrays.flatMap(({ name, nColumns }) => {
    const own = (reading?.positions ?? [])
      .filter((position) => position >= first && position < first + nColumns)
      .map((position) => position - first);
    first += nColumns;
    return own.length > 0 ? [`[${quoted(`${name}.npy`)}, ${literal(own)}]`] : [];
  });
}
