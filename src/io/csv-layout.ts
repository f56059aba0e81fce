import Papa from 'papaparse';
import { isMissing } from './csv-cell.ts';
import { guessDelimiter, guessHeader, isSpaced } from './csv-dialect.ts';
import { brokenQuotes, noRows, quotedCell } from './csv-errors.ts';
import { cellsOf, commentLines, proseLines, usualWidth } from './csv-preamble.ts';
import type { ScanLayout, ScannedKind } from './csv-scan.ts';
import { lastLineEnd, withoutComments, withoutSpacesBeforeQuotes } from './csv-text.ts';
import { DecimalMark, hasThousands } from './decimal-mark.ts';
import { areSlips } from './odd-cells.ts';
import { SpacesToTabs } from './spaces-to-tabs.ts';

/** How a CSV file is laid out, as its beginning shows. */
export interface FoundLayout extends ScanLayout {
  /** The first column, "row", has no name in the header, as R writes the names of rows. */
  readonly hasRowNames: boolean;
  /** Runs of spaces part the cells: what is scanned has tabs in their place. */
  readonly isSpaced: boolean;
  /** What has been passed over or read as text, as sentences; or empty. */
  readonly note: string;
}

/** What of the layout is known before, and not found out. */
export interface AskedLayout {
  readonly delimiter?: string | undefined;
  /** True: the first line names the columns, whatever it looks like. False: the first that is no comment is a row. */
  readonly header?: boolean | 'auto' | undefined;
  /** Further spellings of a missing value. */
  readonly missing?: readonly string[] | undefined;
}

/** From so many characters of a whole text its layout is told; from more where these end within the first row. */
const TELLING_CHARACTERS = 2 ** 18;

/**
 * The layout of a text, of which as much is looked at as tells it.
 * @param isCut whether the file goes on after it
 * @throws MixtureError INVALID_SAMPLES
 */
export function layoutOfText(text: string, asked: AskedLayout = {}, isCut = false): FoundLayout {
  for (let end = TELLING_CHARACTERS; end < text.length; end *= 2) {
    const beginning = text.slice(0, end);
    // (a header, and a row)
    if (lastLineEnd(beginning) > beginning.indexOf('\n') + 1)
      return findLayout(beginning, true, asked);
  }
  return findLayout(text, isCut, asked);
}

function findLayout(text: string, isCut: boolean, asked: AskedLayout): FoundLayout {
  const { header = 'auto', missing = [] } = asked;
  const all = (isCut ? text.slice(0, lastLineEnd(text)) : text).split('\n');
  const said = /^sep=(.)$/i.exec(all[0].trim())?.[1];
  const nComments = header === true ? 0 : commentLines(all.slice(said ? 1 : 0));
  const nBefore = (said === undefined ? 0 : 1) + nComments;
  const below = all.slice(nBefore).join('\n');
  const body = nComments > 0 ? withoutComments(below, '') : below;
  const known = asked.delimiter ?? said;
  const guessed = known ?? guessDelimiter(body);
  const tabbed = known === undefined ? SpacesToTabs.of(body) : body;
  const isSpacedBody = known === undefined && isSpaced(body, tabbed, guessed);
  const delimiter = isSpacedBody ? '\t' : guessed;
  const lines = (isSpacedBody ? tabbed : body).split('\n');
  const nProse = header === 'auto' ? proseLines(lines, delimiter) : 0;
  const table = withoutSpacesBeforeQuotes(lines.slice(nProse).join('\n'), delimiter);
  const rows = Papa.parse<string[]>(table, { delimiter, newline: '\n' }).data.filter(
    (row) => row.length > 1 || row[0].trim() !== '',
  );
  const mark = DecimalMark.of(rows, delimiter);
  const decimalComma = delimiter !== ',';
  const isNamed = (words: readonly string[]) =>
    guessHeader(table, delimiter, { decimalComma, missing: new Set(words) });
  // (what stands for missing values may make a column one of numbers, but takes no header away)
  const hasHeader =
    header === 'auto' ? isNamed([]) || (missing.length > 0 && isNamed(missing)) : header;
  const data = hasHeader ? rows.slice(1) : rows;
  if (data.length === 0) {
    if (isCut) throw brokenQuotes(nBefore + nProse + 1);
    throw noRows(rows.length > 0);
  }
  const comment = nProse === 0 && !hasHeader ? all[nBefore - 1] : undefined;
  const names = columnNames(
    hasHeader ? rows[0] : namesOf(comment, isSpacedBody, delimiter, data[0].length),
    data,
  );
  const texts = names.map((_, c) => firstText(data, c, mark));
  return {
    names: names.map((name, c) => name.trim() || `column ${c + 1}`),
    kinds: texts.map(({ kind }) => kind),
    delimiter,
    hasHeader,
    hasRowNames: hasHeader && names.length === rows[0].length + 1,
    mark,
    nLinesBefore: nBefore + nProse,
    hasComments: nComments > 0,
    isSpaced: isSpacedBody,
    note: [
      nProse > 0
        ? `The first ${nBefore + nProse} lines are no part of the table and are passed over.`
        : '',
      ...names.map((name, c) => thousandsNote(name, texts[c])),
    ]
      .filter((sentence) => sentence !== '')
      .join(' '),
  };
}

/** A comment right above numbers may name their columns, as numpy.savetxt writes it. */
function namesOf(
  comment: string | undefined,
  spaced: boolean,
  delimiter: string,
  width: number,
): string[] | undefined {
  if (comment === undefined || !/^\s*[#%]/.test(comment)) return undefined;
  const line = comment.replace(/^\s*[#%]+\s*/, '');
  const cells = cellsOf(spaced ? SpacesToTabs.of(line) : line, delimiter);
  return cells.length === width && cells.every((cell) => cell.trim() !== '') ? cells : undefined;
}

/** One a column. Rows of one cell more than the header begin with a name (R), or end with a delimiter. */
function columnNames(header: readonly string[] | undefined, data: readonly string[][]): string[] {
  const widths = data.slice(0, 1000).map((row) => row.length);
  const usual = usualWidth(widths);
  const isUsual = 2 * widths.filter((width) => width === usual).length > widths.length;
  if (!header) return Array.from({ length: isUsual ? usual : data[0].length }, () => '');
  if (!isUsual) return [...header];
  if (header.length === usual - 1) {
    const isEnded = data.every((row) => row.length < usual || row[usual - 1].trim() === '');
    return isEnded ? [...header] : ['row', ...header];
  }
  const isOpen = header.length === usual + 1 && header[usual].trim() === '';
  return header.slice(0, isOpen ? usual : undefined);
}

interface ColumnStart {
  readonly kind: ScannedKind;
  readonly text: string | undefined;
}

function firstText(data: readonly string[][], c: number, mark: DecimalMark): ColumnStart {
  let [nNumbers, nTexts] = [0, 0];
  let text: string | undefined;
  for (const row of data) {
    const cell = row[c];
    if (cell === undefined || isMissing(cell)) continue;
    if (Number.isFinite(mark.numberIn(cell))) nNumbers++;
    else {
      nTexts++;
      if (text === undefined || (!hasThousands(text) && hasThousands(cell))) text = cell;
    }
  }
  if (areSlips(nTexts, nNumbers)) return { kind: 'numbers', text };
  return { kind: nTexts > 0 ? 'words' : 'undecided', text };
}

function thousandsNote(name: string, { kind, text }: ColumnStart): string {
  if (kind !== 'words' || text === undefined || !hasThousands(text)) return '';
  return `Column "${name.trim()}" is read as text: ${quotedCell(text)} seems to have thousands separators. Write its numbers without them to fit it.`;
}
