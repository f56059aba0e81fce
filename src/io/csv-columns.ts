import { guessDelimiter, guessHeader } from './csv-dialect.ts';
import { brokenQuotes, noRows } from './csv-errors.ts';
import { CsvScanner, type ScannedKind, type ScannedRows } from './csv-scan.ts';
import { parseTable } from './csv-table.ts';
import { csvText, encodingOf, lastLineEnd, withoutSpacesBeforeQuotes } from './csv-text.ts';

/** From so many bytes it is told what each column holds. */
const BEGINNING = 2 ** 18;
/** A line, or a quoted field, longer than this is none. */
const LONGEST_LINE = 64 * 2 ** 20;
const [LF, CR] = [10, 13];

/** Rows of a CSV file, and which share of the bytes that were given so far they and all before them are. */
export interface CsvPart extends ScannedRows {
  readonly share: number;
}

/** All columns of a CSV file, of numbers and of words, row by row. */
export interface CsvColumns {
  readonly names: readonly string[];
  /** What the c-th column holds, and its words by position; they grow while parts are read. */
  column(c: number): { kind: ScannedKind; words: readonly string[]; isFreeText: boolean };
  /** Once. Of a column of words that began with missing values, the first parts hold NaN. */
  parts(): AsyncGenerator<CsvPart, void>;
}

/**
 * A CSV file, read once from its beginning to its end. Delimiter, header, names and whether a column holds numbers or words are told
 * from its first 256 KiB, as `readCsv` does from the whole; a text later among numbers is an error.
 * @param blocks its bytes, each block valid until the next is asked for
 * @throws MixtureError INVALID_SAMPLES, NON_FINITE: each with line and column
 */
export async function openCsvColumns(blocks: AsyncIterable<Uint8Array>): Promise<CsvColumns> {
  const source = blocks[Symbol.asyncIterator]();
  let beginning = new Uint8Array(0);
  let isWhole = false;
  while (beginning.length < BEGINNING) {
    const { done, value } = await source.next();
    if (done) {
      isWhole = true;
      break;
    }
    beginning = joined(beginning, value);
  }
  const encoding = encodingOf(beginning[0], beginning[1]);
  const text = csvText(beginning.subarray(0, 2 * BEGINNING));
  const delimiter = guessDelimiter(text);
  const isCut = !isWhole || beginning.length > 2 * BEGINNING;
  const lines = isCut ? text.slice(0, lastLineEnd(text)) : text;
  const spaced = withoutSpacesBeforeQuotes(lines, delimiter);
  const rules = { decimalComma: delimiter !== ',', missing: new Set<string>(), words: true };
  const hasHeader = guessHeader(spaced, delimiter, rules);
  const table = parseTable(spaced, delimiter, hasHeader, rules);
  if (table.nRows === 0) {
    if (!isCut) throw noRows(table.names.length > 0);
    throw brokenQuotes(1);
  }
  const kinds = table.columns.map((column): ScannedKind => {
    if (column.isNumeric) return 'numbers';
    return column.hasText ? 'words' : 'undecided';
  });
  const scanner = new CsvScanner({ names: table.names, kinds, delimiter, hasHeader });
  return {
    names: table.names,
    column: (c) => ({
      kind: scanner.kinds[c],
      words: scanner.words[c].words,
      isFreeText: scanner.words[c].isFull,
    }),
    parts: () => scanAll(scanner, utf8(withBeginning(beginning, source), encoding)),
  };
}

async function* withBeginning(
  beginning: Uint8Array,
  source: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  yield beginning;
  for (;;) {
    const { done, value } = await source.next();
    if (done) return;
    yield value;
  }
}

/** Blocks as UTF-8 without a byte order mark. */
async function* utf8(
  blocks: AsyncIterable<Uint8Array>,
  encoding: string,
): AsyncGenerator<Uint8Array, void> {
  const decoder = encoding === 'utf-8' ? undefined : new TextDecoder(encoding);
  let isFirst = true;
  for await (const raw of blocks) {
    const isMarked = isFirst && raw[0] === 0xef && raw[1] === 0xbb && raw[2] === 0xbf;
    isFirst = false;
    if (decoder) yield new TextEncoder().encode(decoder.decode(raw, { stream: true }));
    else yield isMarked ? raw.subarray(3) : raw;
  }
}

async function* scanAll(
  scanner: CsvScanner,
  blocks: AsyncIterable<Uint8Array>,
): AsyncGenerator<CsvPart, void> {
  let rest = new Uint8Array(0);
  let given = 0;
  for await (const block of blocks) {
    given += block.length;
    rest = joined(rest, block);
    const limit = lineEnd(rest);
    scanner.begin(rest);
    let at = 0;
    while (at < limit) {
      at = scanner.scan(at, limit, false);
      // else all is scanned, or all but a row that goes on
      if (!scanner.isFull) break;
      yield { ...scanner.take(), share: 1 - (rest.length - at) / given };
    }
    rest = rest.slice(at);
    if (rest.length > LONGEST_LINE) throw brokenQuotes(scanner.line + 1);
  }
  const end = rest.at(-1);
  if (rest.length > 0 && end !== LF && end !== CR) rest = joined(rest, Uint8Array.of(LF));
  scanner.begin(rest);
  for (let at = 0; at < rest.length;) {
    at = scanner.scan(at, rest.length, true);
    if (scanner.isFull) yield { ...scanner.take(), share: 1 - (rest.length - at) / given };
  }
  const last = scanner.take();
  if (last.nRows > 0) yield { ...last, share: 1 };
}

/** After the last line end; where lines end with CR alone, before the last, which may be half of CR LF. */
function lineEnd(bytes: Uint8Array): number {
  const end = bytes.lastIndexOf(LF);
  return end >= 0 ? end + 1 : bytes.subarray(0, -1).lastIndexOf(CR) + 1;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
