import type { SampleStream } from '../data/sample-forms.ts';
import { MixtureError } from '../errors.ts';
import { readMessages } from './arrow-messages.ts';
import { atSample, type ByteSource } from './byte-source.ts';
import { chooseColumns, rowsOf, type ColumnValues, type NumberColumn } from './columns-stream.ts';
import { loadPackage } from './load-package.ts';

type Flechette = typeof import('@uwdata/flechette');
type Table = ReturnType<Flechette['tableFromIPC']>;

/**
 * Samples of an Arrow IPC file (Feather version 2) or stream, a record batch at a time.
 * @param asked columns by name or position; default: all of numbers
 * @throws MixtureError INVALID_SAMPLES, INVALID_OPTION, SOURCE_FAILED
 */
export async function arrowStream(
  source: ByteSource,
  asked: readonly (string | number)[] | undefined,
  signal?: AbortSignal,
): Promise<SampleStream> {
  const flechette = await loadPackage('@uwdata/flechette', () => import('@uwdata/flechette'));
  const schema = await firstMessage(source, signal);
  const columns = chooseColumns(
    source.name,
    columnsOf(flechette, decode(flechette, source, [schema], 0)),
    asked,
  );
  const names = columns.map(({ name }) => name);
  return {
    nFeatures: columns.length,
    columnNames: names,
    async *chunks({ signal } = {}) {
      let first = 0;
      // dictionaries stay: batches after them refer to them
      const before: Uint8Array[] = [];
      try {
        for await (const { kind, bytes } of readMessages(source, signal)) {
          if (kind !== 'batch') {
            before.push(bytes);
            continue;
          }
          const table = decode(flechette, source, [...before, bytes], first);
          const values = names.map((name) => valuesOf(table, name));
          yield* rowsOf(columns, values, table.numRows);
          first += table.numRows;
        }
      } catch (error) {
        throw atSample(error, () => first);
      }
    },
  };
}

async function firstMessage(
  source: ByteSource,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  for await (const { bytes } of readMessages(source, signal)) return bytes;
  throw new MixtureError(
    'INVALID_SAMPLES',
    `${source.name} has no Arrow schema.`,
    'Write it as an Arrow IPC file or stream.',
  );
}

function decode(
  { tableFromIPC }: Flechette,
  { name }: ByteSource,
  messages: Uint8Array[],
  sample: number,
): Table {
  try {
    // 64-bit integers as they are: as numbers those beyond 2^53 are refused, also in columns that nobody asked for
    return tableFromIPC(messages, { useBigInt: true });
  } catch (error) {
    throw new MixtureError(
      'SOURCE_FAILED',
      `${name} cannot be read as Arrow from sample ${sample} on: ${(error as Error).message}`,
      'Look whether the file is whole, and write it without compression.',
      { source: name, sample },
      error,
    );
  }
}

function columnsOf(
  { Type, Precision }: Flechette,
  { schema }: Table,
): (NumberColumn | { name: string; single?: undefined })[] {
  return schema.fields.map(({ name, type }) => {
    if (type.typeId === Type.Float) return { name, single: type.precision !== Precision.DOUBLE };
    if (type.typeId === Type.Int) return { name, single: type.bitWidth <= 16 };
    return type.typeId === Type.Bool ? { name, single: true } : { name };
  });
}

/** `toArray()` of a column of numbers is its memory, whatever its validity says. */
function valuesOf(table: Table, name: string): ColumnValues {
  const column = table.getChild(name);
  if (column.nullCount === 0) return column.toArray() as ColumnValues;
  return Array.from({ length: column.length }, (_, n) => column.at(n) as number | null);
}
