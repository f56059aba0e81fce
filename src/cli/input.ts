import { readCsv } from '../io/csv.ts';
import type { ColumnChooser, ColumnList, CsvSamples } from '../io/csv.ts';
import type { InputArguments } from './arguments.ts';
import { readInput } from './io.ts';
import type { CommandIo } from './io.ts';

/** The samples of the file that the command was given; `columns` stands in for --columns. */
export async function readSamples(
  input: InputArguments,
  io: CommandIo,
  columns?: ColumnList | ColumnChooser,
): Promise<CsvSamples> {
  const { file, header, delimiter } = input;
  const bytes = await readInput(file, io);
  return readCsv(bytes, { columns: input.columns ?? columns, header, delimiter });
}

/**
 * Chooses the columns that a model was fitted on, by their names. Where names say nothing (a file
 * or a model without them, or with one name twice), the numeric columns are taken in their order.
 */
export function columnsOfModel(modelNames: readonly string[] | undefined): ColumnChooser {
  return (names, hasHeader) => {
    if (modelNames === undefined || new Set(modelNames).size < modelNames.length) return undefined;
    if (modelNames.every((name) => names.includes(name))) return modelNames;
    const modelHasNames = !modelNames.every((name) => /^column \d+$/.test(name));
    return hasHeader && modelHasNames ? modelNames : undefined;
  };
}
