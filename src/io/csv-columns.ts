import { brokenQuotes } from './csv-errors.ts';
import { layoutOfText } from './csv-layout.ts';
import { CsvScanner, type ScannedKind, type ScannedRows } from './csv-scan.ts';
import { csvText, encodingOfText, TELLING_BYTES } from './csv-text.ts';
import { SpacesToTabs } from './spaces-to-tabs.ts';

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
  /** What of the file has been passed over or read as text, as sentences; or empty. */
  readonly note: string;
  /** Whether rows read so far ended before their last cells, which are missing. */
  readonly hasShortRows: boolean;
  /** Once. Of a column of words that began with missing values, the first parts hold NaN. */
  parts(): AsyncGenerator<CsvPart, void>;
}

/**
 * A CSV file, read once from its beginning to its end. Delimiter, header, names and whether a column holds numbers or words are told
 * from its first 256 KiB; a text later among numbers is missing, and noted.
 * @param blocks its bytes, each block valid until the next is asked for
 * @throws MixtureError INVALID_SAMPLES, with the line
 */
export async function openCsvColumns(blocks: AsyncIterable<Uint8Array>): Promise<CsvColumns> {
  const raw = blocks[Symbol.asyncIterator]();
  const first = await gather(raw, TELLING_BYTES);
  const encoding = encodingOfText(first.bytes.subarray(0, TELLING_BYTES));
  const source = utf8(withBeginning(first.bytes, raw), encoding);
  // (UTF-16 has become shorter, Windows-1252 longer)
  const { bytes: beginning, isWhole } = await gather(source, TELLING_BYTES);
  const isCut = !isWhole || beginning.length > 2 * TELLING_BYTES;
  const layout = layoutOfText(csvText(beginning.subarray(0, 2 * TELLING_BYTES)), {}, isCut);
  const scanner = new CsvScanner(layout);
  const table = beginning.subarray(afterLines(beginning, layout.nLinesBefore));
  const rest = withBeginning(table, source);
  return {
    names: layout.names,
    note: layout.note,
    column: (c) => ({
      kind: scanner.kinds[c],
      words: scanner.words[c].words,
      isFreeText: scanner.words[c].isFull,
    }),
    get hasShortRows() {
      return scanner.hasShortRows;
    },
    parts: () => scanAll(scanner, layout.isSpaced ? tabbed(rest) : rest),
  };
}

/** As many bytes as are wanted, or all. */
async function gather(
  source: AsyncIterator<Uint8Array>,
  wanted: number,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; isWhole: boolean }> {
  let bytes = new Uint8Array(0);
  while (bytes.length < wanted) {
    const { done, value } = await source.next();
    if (done) return { bytes, isWhole: true };
    bytes = joined(bytes, value);
  }
  return { bytes, isWhole: false };
}

/** Where the lines after so many begin. */
function afterLines(bytes: Uint8Array, nLines: number): number {
  let at = 0;
  for (let line = 0; line < nLines && at < bytes.length; line++) {
    while (at < bytes.length && bytes[at] !== LF && bytes[at] !== CR) at++;
    at += bytes[at] === CR && bytes[at + 1] === LF ? 2 : 1;
  }
  return at;
}

async function* tabbed(blocks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const tabs = new SpacesToTabs();
  for await (const block of blocks) yield tabs.take(block);
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
