import { readCsv } from '../io/csv.ts';
import type { ColumnChooser, CsvOptions, CsvSamples, WordRules } from '../io/csv.ts';
import type { InputArguments } from './argument-parts.ts';
import type { FamilyName } from './families.ts';
import { readInput } from './io.ts';
import type { CommandIo } from './io.ts';
import type { ModelColumns } from './model-file.ts';

/** A text column of more different words is taken for names or free text. */
const MOST_CATEGORIES = 256;

export interface InputTable extends CsvSamples {
  /** The file as it is. */
  readonly bytes: Uint8Array;
}

/** The samples of a file that a family is to be fitted to; what is missing is NaN. */
export function readSamples(
  input: InputArguments,
  family: FamilyName,
  io: CommandIo,
): Promise<InputTable> {
  return read(input, { words: wordsFor(family) }, io);
}

/** The samples of a file as a model has them: its columns by name, its words by number. */
export function readSamplesOfModel(
  input: InputArguments,
  { columnNames, categories }: ModelColumns,
  io: CommandIo,
): Promise<InputTable> {
  const words = categories && { most: MOST_CATEGORIES, known: categories };
  return read(input, { columns: columnsOfModel(columnNames), words }, io);
}

async function read(
  { file, columns, header, delimiter }: InputArguments,
  options: CsvOptions,
  io: CommandIo,
): Promise<InputTable> {
  const bytes = await readInput(file, io);
  const own = { ...options, header, delimiter, allowMissing: true };
  return { bytes, ...readCsv(bytes, columns === undefined ? own : { ...own, columns }) };
}

/** Families of categories take columns of words too. */
function wordsFor(family: FamilyName): WordRules | undefined {
  if (family === 'bernoulli') return { least: 2, most: 2 };
  return family === 'categorical' ? { most: MOST_CATEGORIES } : undefined;
}

/**
 * Chooses the columns that a model was fitted on, by their names. Where names say nothing (a file
 * or a model without them, or with one name twice), the numeric columns are taken in their order.
 */
function columnsOfModel(modelNames: readonly string[] | undefined): ColumnChooser {
  return (names, hasHeader) => {
    if (modelNames === undefined || new Set(modelNames).size < modelNames.length) return undefined;
    if (modelNames.every((name) => names.includes(name))) return modelNames;
    const modelHasNames = !modelNames.every((name) => /^column \d+$/.test(name));
    return hasHeader && modelHasNames ? modelNames : undefined;
  };
}
