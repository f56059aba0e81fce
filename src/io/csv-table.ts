import Papa from 'papaparse';
import type { ParseConfig, ParseLocalConfig } from 'papaparse';
import { CsvColumn } from './csv-column.ts';
import type { CellRules } from './csv-column.ts';
import { brokenQuotes, raggedRow } from './csv-errors.ts';
import { PASSED_OVER } from './csv-text.ts';

const CHUNK_CHARACTERS = 1 << 20;

/** A file's columns with their names, before any is chosen or left out. */
export interface CsvTable {
  readonly names: string[];
  readonly columns: CsvColumn[];
  readonly nRows: number;
}

/** How the rows of a text are made columns. */
export interface TableShape {
  readonly names: readonly string[];
  readonly delimiter: string;
  /** Whether the first row names the columns. */
  readonly hasHeader: boolean;
  /** The text is a later part of a file. */
  readonly isContinued?: boolean;
  /** Whether the cells that a row lacks at its end are missing values. Default: such a row is an error. */
  readonly areShortRowsRead?: boolean;
}

/**
 * Parses all rows, in chunks so that the cells of a long file need not stand in memory as strings
 * all at once. Throws INVALID_SAMPLES for rows of unequal length and for broken quotes.
 */
export function parseTable(text: string, shape: TableShape, rules: CellRules): CsvTable {
  const { delimiter } = shape;
  const reader = new TableReader(shape, rules, text.includes('"'));
  // (The types know `chunk` for files only; Papa Parse has it for texts too.)
  const config: ParseConfig<string[]> & Pick<ParseLocalConfig<string[]>, 'chunk' | 'chunkSize'> = {
    delimiter,
    newline: '\n',
    chunkSize: CHUNK_CHARACTERS,
    chunk: ({ data, errors }) => {
      const brokenRow = errors.find((error) => error.type === 'Quotes')?.row;
      for (const [row, cells] of data.entries()) {
        if (row === brokenRow) reader.failQuotes();
        reader.addRow(cells);
      }
    },
  };
  Papa.parse<string[]>(text, config);
  return reader.table();
}

class TableReader {
  readonly #shape: TableShape;
  readonly #rules: CellRules;
  readonly #hasQuotes: boolean;
  readonly #columns: CsvColumn[];
  #isStarted: boolean;
  #line = 1;
  #firstLine = 1;
  #blankLines: number[] = [];
  #nRows = 0;

  constructor(shape: TableShape, rules: CellRules, hasQuotes: boolean) {
    this.#shape = shape;
    this.#rules = rules;
    this.#hasQuotes = hasQuotes;
    this.#columns = shape.names.map(() => new CsvColumn());
    this.#isStarted = shape.isContinued ?? false;
  }

  addRow(cells: string[]): void {
    const line = this.#line;
    this.#line += 1 + (this.#hasQuotes ? lineEndsIn(cells) : 0);
    if (cells.length === 1 && cells[0] === PASSED_OVER) return;
    if (cells.length === 1 && cells[0].trim() === '') {
      this.#blankLines.push(line);
      return;
    }
    if (this.#isStarted) {
      this.#addSample(cells, line);
      return;
    }
    this.#isStarted = true;
    this.#firstLine = line;
    this.#blankLines = [];
    if (!this.#shape.hasHeader) this.#addSample(cells, line);
  }

  failQuotes(): never {
    throw brokenQuotes(this.#line);
  }

  table(): CsvTable {
    return { names: [...this.#shape.names], columns: this.#columns, nRows: this.#nRows };
  }

  #addSample(cells: string[], line: number): void {
    const width = this.#columns.length;
    // A blank line is a missing value where there is one column, and nothing otherwise (nor at
    // the end of the file, where no row follows).
    if (width === 1) for (const blank of this.#blankLines) this.#add([''], blank);
    this.#blankLines = [];
    // (delimiters after the last cell part nothing)
    const isEnded = cells.length <= width || cells.slice(width).every((cell) => cell.trim() === '');
    if (!isEnded || (cells.length < width && this.#shape.areShortRowsRead !== true)) {
      const header = { isNamed: this.#shape.hasHeader, line: this.#firstLine, fields: width };
      throw raggedRow(line, cells.length, header);
    }
    this.#add(cells, line);
  }

  #add(cells: string[], line: number): void {
    this.#columns.forEach((column, index) => {
      column.add(cells[index] ?? '', line, this.#rules);
    });
    this.#nRows++;
  }
}

function lineEndsIn(cells: string[]): number {
  let lineEnds = 0;
  for (const cell of cells) if (cell.includes('\n')) lineEnds += cell.split('\n').length - 1;
  return lineEnds;
}
