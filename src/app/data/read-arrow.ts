import {
  CompressionType,
  Precision,
  setCompressionCodec,
  tableFromIPC,
  Type,
} from '@uwdata/flechette';
import type { DataType } from '@uwdata/flechette';
import { decompress as unpackZstd } from 'fzstd';
import { decompress as unpackLz4 } from 'lz4js';
import { MixtureError } from '../../errors.ts';
import { readMessages } from '../../io/arrow-messages.ts';
import { blobSource } from '../../io/blob-source.ts';
import { leftOut, TypedColumns } from './typed-values.ts';
import type { TypedColumn, Values } from './typed-values.ts';
import type { TableReader } from './table.ts';

// pandas writes Feather with LZ4 unless it is told otherwise. (Nothing is written here.)
const refuse = (): never => {
  throw new Error('Arrow files are only read.');
};
const CODECS = {
  lz4: [CompressionType.LZ4_FRAME, { decode: unpackLz4, encode: refuse }],
  zstd: [
    CompressionType.ZSTD,
    // (a copy: it may begin where numbers of 8 bytes cannot)
    { decode: (bytes: Uint8Array) => unpackZstd(bytes).slice(), encode: refuse },
  ],
} as const;
for (const [type, codec] of Object.values(CODECS)) setCompressionCodec(type, codec);

/** 64-bit integers as they are: as numbers those beyond 2^53 are refused, and identifiers often are. They are rounded here, as of other formats. */
const WIDE = { useBigInt: true };

/** What a batch is packed with: what it cannot be read without. */
function codecsOf(messages: Uint8Array[]): ('lz4' | 'zstd')[] {
  return (['lz4', 'zstd'] as const).filter((name) => {
    const [type, codec] = CODECS[name];
    setCompressionCodec(type, undefined as unknown as typeof codec);
    try {
      tableFromIPC(messages);
      return false;
    } catch (error) {
      return String(error).includes('compression codec');
    } finally {
      setCompressionCodec(type, codec);
    }
  });
}

/** An Arrow IPC file (Feather version 2) or stream, a record batch at a time. @throws MixtureError INVALID_SAMPLES, SOURCE_FAILED */
export async function readArrowTable(blob: Blob, name: string): Promise<TableReader> {
  const source = blobSource(blob, name);
  const { fields } = decode(name, [await firstMessage(source, name)], 0).schema;
  const kinds = fields.map((field) => ({ name: field.name, kind: kindOf(field.type) }));
  const typed = new TypedColumns(
    kinds.filter((column): column is TypedColumn => column.kind !== undefined),
  );
  let codecs: ('lz4' | 'zstd')[] = [];
  // webgpu-em/io reads plain numbers
  const isConverted = fields.some(
    ({ type }) =>
      kindOf(type) === 'double' && type.typeId !== Type.Float && type.typeId !== Type.Int,
  );
  return {
    names: typed.names,
    nRows: undefined,
    get isForeign() {
      return isConverted || codecs.length > 0;
    },
    get codecs() {
      return codecs;
    },
    note: leftOut(kinds.flatMap((column) => (column.kind === undefined ? [column.name] : []))),
    isGrid: false,
    words: (c) => typed.words(c),
    async *parts() {
      let [first, bytes] = [0, 0];
      // dictionaries stay: batches after them refer to them
      const before: Uint8Array[] = [];
      for await (const message of readMessages(source)) {
        bytes += message.bytes.length;
        if (message.kind !== 'batch') {
          before.push(message.bytes);
          continue;
        }
        const messages = [...before, message.bytes];
        if (first === 0) codecs = codecsOf(messages);
        const table = decode(name, messages, first);
        const columns = typed.columns.map(({ name, kind }, c) => {
          const column = table.getChild(name);
          // memory as it is, whatever its validity says
          const isPlain = column.nullCount === 0 && kind !== 'words';
          return typed.take(
            c,
            isPlain
              ? (column.toArray() as Values)
              : Array.from({ length: column.length }, (_, n) => column.at(n) as unknown),
          );
        });
        first += table.numRows;
        yield { nRows: table.numRows, columns, bytes };
      }
    },
  };
}

const DOUBLES = new Set<DataType['typeId']>([
  Type.Decimal,
  Type.Date,
  Type.Time,
  Type.Timestamp,
  Type.Duration,
]);
const TEXTS = new Set<DataType['typeId']>([Type.Utf8, Type.LargeUtf8, Type.Utf8View]);

function kindOf(type: DataType): TypedColumn['kind'] | undefined {
  if (type.typeId === Type.Dictionary) return kindOf(type.dictionary);
  if (type.typeId === Type.Float) return type.precision === Precision.DOUBLE ? 'double' : 'single';
  if (type.typeId === Type.Int) return type.bitWidth <= 16 ? 'single' : 'double';
  if (type.typeId === Type.Bool) return 'single';
  if (DOUBLES.has(type.typeId)) return 'double';
  return TEXTS.has(type.typeId) ? 'words' : undefined;
}

async function firstMessage(
  source: ReturnType<typeof blobSource>,
  name: string,
): Promise<Uint8Array> {
  for await (const { bytes } of readMessages(source)) return bytes;
  throw damaged(name, 0, new Error('it has no schema'));
}

function decode(name: string, messages: Uint8Array[], row: number) {
  try {
    return tableFromIPC(messages, WIDE);
  } catch (error) {
    throw damaged(name, row, error);
  }
}

function damaged(name: string, row: number, error: unknown): MixtureError {
  return new MixtureError(
    'INVALID_SAMPLES',
    `${name} cannot be read as Arrow from row ${row + 1} on: ${(error as Error).message}.`,
    'Look whether the file is whole, and write it again.',
    { name, row },
    error,
  );
}
