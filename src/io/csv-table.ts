import Papa from 'papaparse';
import type { ParseConfig, ParseLocalConfig } from 'papaparse';
import { CsvColumn } from './csv-column.ts';
import type { CellRules } from './csv-column.ts';
import { brokenQuotes, raggedRow } from './csv-errors.ts';

const CHUNK_CHARACTERS = 1 << 20;

/** A file's columns with their names, before any is chosen or left out. */
export interface CsvTable {
  readonly names: string[];
  readonly columns: CsvColumn[];
  readonly nRows: number;
}

/**
 * Parses all rows, in chunks so that the cells of a long file need not stand in memory as strings
 * all at once. Throws INVALID_SAMPLES for rows of unequal length and for broken quotes.
 */
export function parseTable(
  text: string,
  delimiter: string,
  hasHeader: boolean,
  rules: CellRules,
): CsvTable {
  const reader = new TableReader(hasHeader, rules, text.includes('"'));
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
  readonly #hasHeader: boolean;
  readonly #rules: CellRules;
  readonly #hasQuotes: boolean;
  #names: string[] | undefined;
  #columns: CsvColumn[] = [];
  #line = 1;
  #firstLine = 1;
  #blankLines: number[] = [];
  #nRows = 0;

  constructor(hasHeader: boolean, rules: CellRules, hasQuotes: boolean) {
    this.#hasHeader = hasHeader;
    this.#rules = rules;
    this.#hasQuotes = hasQuotes;
  }

  addRow(cells: string[]): void {
    const line = this.#line;
    this.#line += 1 + (this.#hasQuotes ? lineEndsIn(cells) : 0);
    if (cells.length === 1 && cells[0].trim() === '') {
      this.#blankLines.push(line);
      return;
    }
    if (this.#names === undefined) this.#start(cells, line);
    else this.#addSample(cells, line);
  }

  failQuotes(): never {
    throw brokenQuotes(this.#line);
  }

  table(): CsvTable {
    return { names: this.#names ?? [], columns: this.#columns, nRows: this.#nRows };
  }

  #start(cells: string[], line: number): void {
    this.#firstLine = line;
    this.#blankLines = [];
    this.#columns = cells.map(() => new CsvColumn());
    this.#names = cells.map((cell, index) => {
      const name = this.#hasHeader ? cell.trim() : '';
      return name === '' ? `column ${index + 1}` : name;
    });
    if (!this.#hasHeader) this.#addSample(cells, line);
  }

  #addSample(cells: string[], line: number): void {
    const width = this.#columns.length;
    // A blank line is a missing value where there is one column, and nothing otherwise (nor at
    // the end of the file, where no row follows).
    if (width === 1) for (const blank of this.#blankLines) this.#add([''], blank);
    this.#blankLines = [];
    if (cells.length !== width) {
      const header = { isNamed: this.#hasHeader, line: this.#firstLine, fields: width };
      throw raggedRow(line, cells.length, header);
    }
    this.#add(cells, line);
  }

  #add(cells: string[], line: number): void {
    for (let index = 0; index < cells.length; index++) {
      this.#columns[index].add(cells[index], line, this.#rules);
    }
    this.#nRows++;
  }
}

function lineEndsIn(cells: string[]): number {
  let lineEnds = 0;
  for (const cell of cells) if (cell.includes('\n')) lineEnds += cell.split('\n').length - 1;
  return lineEnds;
}
