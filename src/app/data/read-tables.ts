import { MixtureError } from '../../errors.ts';
import { OpenedBytes } from './open-bytes.ts';
import type { Input } from './open-bytes.ts';
import { formatOf, openTable } from './open-table.ts';
import { MANY_NUMBERS, TableBuilder } from './table-builder.ts';
import type { Table } from './table.ts';

/** How far a reading is. */
export interface Progress {
  /** Bytes read, of all files. */
  readonly bytes: number;
  /** Bytes in all; undefined where a server does not say. */
  readonly total: number | undefined;
  readonly nRows: number;
  /** Milliseconds since it began, without those that the user was asked for. */
  readonly milliseconds: number;
}

/** Samples that would take much memory. */
export interface Estimate {
  readonly nRows: number;
  readonly nColumns: number;
  /** Of all numbers. */
  readonly bytes: number;
}

/** Who reads is told, and asked. */
export interface ReadingListener {
  onProgress(progress: Progress): void;
  /** The first rows of a long file, to look at while the others are read. */
  onFirst(table: Table): void;
  /** @returns one of how many rows is to be taken: 1 for all */
  onEstimate(estimate: Estimate): Promise<number>;
}

/** Bytes from which on things are done. */
export interface Limits {
  /** So much of a long file makes the first picture; one of three times as much is long. */
  readonly first: number;
  /** Numbers that take more memory than that are asked about. */
  readonly memory: number;
}

const LIMITS: Limits = { first: 4e6, memory: 1e9 };
const PROGRESS_MILLISECONDS = 100;

/**
 * Reads files one after another into one table.
 * @throws MixtureError; `details.file` names the file
 */
export async function readTables(
  inputs: readonly Input[],
  listener: ReadingListener,
  limits: Limits = LIMITS,
): Promise<Table> {
  let builder: TableBuilder | undefined;
  const began = performance.now();
  let asked = 0;
  let told = 0;
  let isFirstTold = false;
  let before = 0;
  const known = inputs.reduce(
    (sum, input) => sum + (input.kind === 'blob' ? input.blob.size : NaN),
    0,
  );
  for (const input of inputs) {
    try {
      const opened = await OpenedBytes.open(input);
      const total = inputs.length === 1 ? opened.size : Number.isNaN(known) ? undefined : known;
      const report = (bytes: number) => {
        told = performance.now();
        const milliseconds = told - began - asked;
        listener.onProgress({ bytes, total, nRows: builder?.nRows ?? 0, milliseconds });
      };
      opened.onBytes = (bytes) => {
        if (performance.now() - told >= PROGRESS_MILLISECONDS) report(before + bytes);
      };
      const reader = await openTable(opened);
      builder ??= new TableBuilder(reader);
      builder.begin(reader, input.name, {
        format: formatOf(opened.start, input.name),
        isGzip: opened.isGzip,
      });
      for await (const part of reader.parts()) {
        builder.add(part);
        const bytes = before + part.bytes;
        if (performance.now() - told >= PROGRESS_MILLISECONDS) report(bytes);
        if (isFirstTold || total === undefined || total < 3 * limits.first || bytes < limits.first)
          continue;
        isFirstTold = true;
        const nRows = inputs.length === 1 ? reader.nRows : undefined;
        const nRowsExpected = nRows ?? Math.round(toTwoDigits((builder.nRows * total) / bytes));
        if (nRowsExpected <= builder.nRows) continue;
        listener.onFirst(builder.table(nRowsExpected));
        const numbers = nRowsExpected * builder.nNumeric;
        const estimate = numbers * (numbers > MANY_NUMBERS ? builder.bytesEach : 8);
        if (estimate > limits.memory) {
          const since = performance.now();
          const nColumns = builder.nNumeric;
          const every = await listener.onEstimate({
            nRows: nRowsExpected,
            nColumns,
            bytes: estimate,
          });
          asked += performance.now() - since;
          if (every > 1) builder.thin(every);
        }
        if (numbers > MANY_NUMBERS) builder.expectMany();
      }
      report(before + (opened.size ?? opened.nRead));
      before += opened.size ?? opened.nRead;
    } catch (error) {
      throw named(error, input.name);
    }
  }
  if (!builder || builder.nRows === 0) {
    throw new MixtureError(
      'INVALID_SAMPLES',
      `${inputs[0]?.name ?? 'The file'} has no rows.`,
      'Give a file with one sample a row.',
      { file: inputs[0]?.name },
    );
  }
  return builder.table();
}

/** "about 1,700,000": an estimate pretends to no more. */
function toTwoDigits(value: number): number {
  return Number(value.toPrecision(2));
}

function named(error: unknown, file: string): unknown {
  if (!(error instanceof MixtureError)) return error;
  const { code, message, hint, details } = error;
  return new MixtureError(code, message, hint, { file, ...details }, error);
}
