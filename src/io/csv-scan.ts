import { isMissing } from './csv-cell.ts';
import { brokenQuotes, raggedRow } from './csv-errors.ts';
import type { DecimalMark } from './decimal-mark.ts';
import type { OddCells } from './odd-cells.ts';
import { WordList } from './word-list.ts';

const [TAB, LF, CR, SPACE, QUOTE, HASH, PERCENT] = [9, 10, 13, 32, 34, 35, 37];
const [PLUS, COMMA, MINUS, POINT] = [43, 44, 45, 46];
const [ZERO, NINE, UPPER_E, LOWER_E] = [48, 57, 69, 101];

/** 10^0 .. 10^22 are float64 numbers, so one product or quotient with them is rounded once, and correctly. */
const POWERS = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));
const MOST_EXACT = 2 ** 53;

/** What a column holds. `undecided`: nothing so far but missing values. */
export type ScannedKind = 'numbers' | 'words' | 'undecided';

export interface ScanLayout {
  readonly names: readonly string[];
  readonly kinds: readonly ScannedKind[];
  readonly delimiter: string;
  readonly hasHeader: boolean;
  readonly mark: DecimalMark;
  /** Lines of the file before those that are scanned. */
  readonly nLinesBefore: number;
  /** Lines that begin with # or % are passed over. */
  readonly hasComments: boolean;
}

/** Rows as columns: numbers, NaN where missing; or positions in a list of words, -1 where missing. */
export interface ScannedRows {
  readonly nRows: number;
  readonly columns: readonly (Float64Array | Int32Array)[];
  /** One a column: cells among numbers that are none, NaN there; undefined where there are none. */
  readonly odd: readonly (OddCells | undefined)[];
}

/** Rows that are handed over at a time. */
const PART_ROWS = 32_768;

/**
 * Cells of a CSV file out of its UTF-8 bytes: five times as fast as by strings, which are made of few cells only. A number of at
 * most 2^53 without its point, and as far as 10^22 from it, is made from its digits, exactly as Number() makes it; all others, quotes,
 * words and missing values come by the rules of csv-cell.ts. A cell that is no number in a column of numbers is noted.
 */
export class CsvScanner {
  readonly words: readonly WordList[];
  /** Lines before the row that comes next. */
  line: number;
  /** Whether rows ended before their last cells. */
  hasShortRows = false;
  readonly #layout: ScanLayout;
  readonly #kinds: ScannedKind[];
  readonly #isNumber: Uint8Array;
  #cells: Float64Array[];
  #row = 0;
  #header: { isNamed: boolean; line: number; fields: number } | undefined;
  #blankLines: number[] = [];
  #odd: (Writable<OddCells> | undefined)[] = [];
  #bytes: Uint8Array = new Uint8Array(0);
  #latin: string | undefined;

  constructor(layout: ScanLayout) {
    this.#layout = layout;
    this.line = layout.nLinesBefore;
    this.#kinds = [...layout.kinds];
    this.#isNumber = Uint8Array.from(layout.kinds, (kind) => (kind === 'numbers' ? 1 : 0));
    this.words = layout.names.map(() => new WordList());
    this.#cells = this.#newCells();
  }

  get kinds(): readonly ScannedKind[] {
    return this.#kinds;
  }

  /** Bytes to scan next; a line end stands at `limit - 1`, and the lines before it are whole outside quotes. */
  begin(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#latin = undefined;
  }

  get isFull(): boolean {
    return this.#row === PART_ROWS;
  }

  /** The rows scanned since the last call. */
  take(): ScannedRows {
    const nRows = this.#row;
    const columns = this.#cells.map((cells, c) =>
      this.#kinds[c] === 'words'
        ? Int32Array.from(cells.subarray(0, nRows))
        : cells.slice(0, nRows),
    );
    const odd = this.#cells.map((_, c) => this.#odd[c]);
    this.#row = 0;
    this.#odd = [];
    return { nRows, columns, odd };
  }

  /**
   * Scans rows from `from` on, until `limit` or until a part is full.
   * @param isLast whether no bytes follow those before `limit`
   * @returns where the next row begins: before `limit` where the part is full, or where the row goes on beyond it
   */
  scan(from: number, limit: number, isLast: boolean): number {
    let at = from;
    while (at < limit && this.#row < PART_ROWS) {
      const next = this.#scanRow(at, limit);
      if (next < 0) {
        if (isLast) throw brokenQuotes(this.line + 1);
        return at;
      }
      at = next;
    }
    return at;
  }

  /** One line, or a row of several; -1 where it goes on beyond the limit. */
  #scanRow(from: number, limit: number): number {
    const bytes = this.#bytes;
    const delimiter = this.#layout.delimiter.charCodeAt(0);
    let at = from;
    const tab = delimiter === TAB ? SPACE : TAB;
    for (let byte = bytes[at]; byte === SPACE || byte === tab;) byte = bytes[++at];
    if (bytes[at] === LF || bytes[at] === CR) {
      this.#blankLines.push(++this.line);
      return this.#afterLine(at);
    }
    if (this.#layout.hasComments && (bytes[at] === HASH || bytes[at] === PERCENT)) {
      this.line++;
      while (bytes[at] !== LF && bytes[at] !== CR) at++;
      return this.#afterLine(at);
    }
    if (!this.#header) return this.#startTable(from, limit);
    const width = this.#cells.length;
    if (width === 1 && this.#blankLines.length > 0) this.#addBlanks();
    const { line } = this;
    at = from;
    for (let c = 0; c < width; c++) {
      const end =
        this.#isNumber[c] === 1
          ? this.#scanNumber(at, limit, c, delimiter)
          : this.#scanCell(at, limit, c, delimiter);
      if (end < 0) {
        this.line = line;
        this.#dropOdd();
        return -1;
      }
      const isEnd = bytes[end] !== delimiter;
      if (isEnd && c < width - 1) {
        // nothing but "" is a blank line
        if (c === 0 && /^[\s"]*$/.test(new TextDecoder().decode(bytes.subarray(from, end)))) {
          this.line++;
          return this.#afterLine(end);
        }
        this.#addAbsent(c + 1);
        at = end + 1;
        break;
      }
      if (!isEnd && c === width - 1) at = this.#emptyEnd(end, from, limit, line) + 1;
      else at = end + 1;
    }
    this.line++;
    this.#row++;
    return this.#afterLine(at - 1);
  }

  /** @returns where the cell ends; -1 where that is beyond the limit */
  #scanNumber(from: number, limit: number, c: number, delimiter: number): number {
    const bytes = this.#bytes;
    let at = from;
    let byte = bytes[at];
    while (byte === SPACE) byte = bytes[++at];
    const negative = byte === MINUS;
    if (negative || byte === PLUS) byte = bytes[++at];
    let mantissa = 0;
    let digits = 0;
    let power = 0;
    while (byte >= ZERO && byte <= NINE) {
      mantissa = 10 * mantissa + (byte - ZERO);
      digits++;
      byte = bytes[++at];
    }
    if (byte === POINT || (byte === COMMA && delimiter !== COMMA)) {
      // the other mark, or the first that is seen
      if (byte !== this.#layout.mark.byte) return this.#scanCell(from, limit, c, delimiter);
      const point = at;
      byte = bytes[++at];
      while (byte >= ZERO && byte <= NINE) {
        mantissa = 10 * mantissa + (byte - ZERO);
        byte = bytes[++at];
      }
      power = point + 1 - at;
      digits -= power;
    }
    if (byte === LOWER_E || byte === UPPER_E) {
      byte = bytes[++at];
      const minus = byte === MINUS;
      if (minus || byte === PLUS) byte = bytes[++at];
      const before = at;
      let exponent = 0;
      while (byte >= ZERO && byte <= NINE) {
        exponent = 10 * exponent + (byte - ZERO);
        byte = bytes[++at];
      }
      if (at === before) digits = 0;
      power += minus ? -exponent : exponent;
    }
    while (byte === SPACE) byte = bytes[++at];
    const isWhole = byte === delimiter || byte === LF || byte === CR;
    if (!isWhole || digits === 0 || mantissa > MOST_EXACT || power > 22 || power < -22) {
      return this.#scanCell(from, limit, c, delimiter);
    }
    const size = power < 0 ? mantissa / POWERS[-power] : mantissa * POWERS[power];
    this.#cells[c][this.#row] = negative ? -size : size;
    return at;
  }

  /** Any cell, by its text. */
  #scanCell(from: number, limit: number, c: number, delimiter: number): number {
    const bytes = this.#bytes;
    let start = from;
    while (bytes[start] === SPACE) start++;
    if (bytes[start] === QUOTE) return this.#scanQuoted(start, limit, c, delimiter);
    let end = start;
    let byte = bytes[end];
    while (byte !== delimiter && byte !== LF && byte !== CR) byte = bytes[++end];
    this.#add(start, end, false, c);
    return end;
  }

  #scanQuoted(start: number, limit: number, c: number, delimiter: number): number {
    const bytes = this.#bytes;
    let at = start + 1;
    for (; at < limit; at++) {
      if (bytes[at] === LF) this.line++;
      if (bytes[at] !== QUOTE) continue;
      if (bytes[at + 1] !== QUOTE) break;
      at++;
    }
    if (at >= limit) return -1;
    let end = at + 1;
    while (bytes[end] === SPACE) end++;
    const byte = bytes[end];
    if (byte !== delimiter && byte !== LF && byte !== CR) throw brokenQuotes(this.line + 1);
    this.#add(start + 1, at, true, c);
    return end;
  }

  #add(start: number, end: number, quoted: boolean, c: number): void {
    const raw = (this.#latin ??= new TextDecoder('latin1').decode(this.#bytes)).slice(start, end);
    const text = quoted ? raw.replaceAll('""', '"') : raw;
    if (this.#kinds[c] === 'undecided' && !isMissing(text)) {
      this.#decide(c, Number.isNaN(this.#layout.mark.numberIn(text)) ? 'words' : 'numbers');
    }
    if (this.#kinds[c] === 'words') {
      this.#cells[c][this.#row] = this.words[c].position(text);
      return;
    }
    const value = text === '' ? NaN : this.#layout.mark.numberIn(text);
    const isFinite = Number.isFinite(value);
    this.#cells[c][this.#row] = isFinite ? value : NaN;
    if (!isFinite && !isMissing(text)) this.#addOdd(c, this.words[c].position(text));
  }

  #addOdd(c: number, code: number): void {
    const odd = (this.#odd[c] ??= { rows: [], lines: [], codes: [] });
    odd.rows.push(this.#row);
    odd.lines.push(this.line + 1);
    odd.codes.push(code);
  }

  /** The row will be scanned again. */
  #dropOdd(): void {
    for (const odd of this.#odd) {
      if (odd?.rows.at(-1) !== this.#row) continue;
      for (const list of [odd.rows, odd.lines, odd.codes]) list.pop();
    }
  }

  /** The row ends before these cells. */
  #addAbsent(first: number): void {
    this.hasShortRows = true;
    for (let c = first; c < this.#cells.length; c++) {
      this.#cells[c][this.#row] = this.#kinds[c] === 'words' ? -1 : NaN;
      if (this.#kinds[c] === 'numbers') this.#addOdd(c, -1);
    }
  }

  #decide(c: number, kind: 'numbers' | 'words'): void {
    this.#kinds[c] = kind;
    if (kind === 'numbers') this.#isNumber[c] = 1;
    else this.#cells[c].fill(-1, 0, this.#row);
  }

  /** In a file of one column a blank line between two others is a missing value. */
  #addBlanks(): void {
    for (let i = 0; i < this.#blankLines.length && this.#row < PART_ROWS - 1; i++) {
      this.#cells[0][this.#row] = this.#kinds[0] === 'words' ? -1 : NaN;
      this.#row++;
    }
    this.#blankLines = [];
  }

  #startTable(from: number, limit: number): number {
    const { names, hasHeader } = this.#layout;
    this.#blankLines = [];
    this.#header = { isNamed: hasHeader, line: this.line + 1, fields: names.length };
    if (!hasHeader) return this.#scanRow(from, limit);
    const { end, lines } = this.#walkRow(from, limit);
    if (end >= limit) {
      this.#header = undefined;
      return -1;
    }
    this.line += lines;
    return this.#afterLine(end);
  }

  /** The end of a row with delimiters after its last cell. @throws MixtureError where cells stand between them */
  #emptyEnd(end: number, from: number, limit: number, line: number): number {
    const bytes = this.#bytes;
    const delimiter = this.#layout.delimiter.charCodeAt(0);
    let at = end;
    let byte = bytes[at];
    while (byte === delimiter || byte === SPACE || byte === TAB) byte = bytes[++at];
    if (byte === LF || byte === CR) return at;
    throw raggedRow(line + 1, this.#walkRow(from, limit).fields, this.#header!);
  }

  /** A row's fields, whatever they hold. */
  #walkRow(from: number, limit: number): { end: number; fields: number; lines: number } {
    const bytes = this.#bytes;
    const delimiter = this.#layout.delimiter.charCodeAt(0);
    let [fields, lines, isStart, quoted] = [1, 1, true, false];
    let at = from;
    for (; at < limit; at++) {
      const byte = bytes[at];
      if (byte === QUOTE && (quoted || isStart)) {
        if (quoted && bytes[at + 1] === QUOTE) at++;
        else quoted = !quoted;
      } else if (quoted) {
        if (byte === LF) lines++;
      } else if (byte === LF || byte === CR) break;
      if (!quoted && byte === delimiter) fields++;
      isStart = !quoted && (byte === delimiter || (isStart && byte === SPACE));
    }
    return { end: at, fields, lines };
  }

  #afterLine(at: number): number {
    return this.#bytes[at] === CR && this.#bytes[at + 1] === LF ? at + 2 : at + 1;
  }

  #newCells(): Float64Array[] {
    return this.#layout.names.map(() => new Float64Array(PART_ROWS));
  }
}

type Writable<T> = { -readonly [K in keyof T]: number[] };
