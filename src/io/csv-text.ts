import { MixtureError } from '../errors.ts';

/** V8's longest string, in UTF-16 code units; other engines allow more. */
const LONGEST_STRING = 0x1fffffe8;
/** From so many bytes it is told how letters are encoded. */
export const TELLING_BYTES = 2 ** 18;

/**
 * The text of a CSV file with line ends as "\n" and no byte order mark.
 * Bytes are read as UTF-8, as UTF-16 where a byte order mark says so (Excel's "Unicode text"), or as Windows-1252 where their
 * beginning is no UTF-8.
 */
export function csvText(input: string | Uint8Array): string {
  const text = typeof input === 'string' ? input : decode(input);
  if (text.includes('\0')) {
    throw new MixtureError(
      'INVALID_SAMPLES',
      'The input is binary data, not CSV text.',
      'Give a text file with one sample a line and its values separated by commas.',
    );
  }
  const unmarked = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  // One file can mix "\r\n" and "\n" (joined exports); the parser expects one kind.
  return unmarked.includes('\r') ? unmarked.replace(/\r\n?/g, '\n') : unmarked;
}

/**
 * Removes the spaces between a delimiter and an opening quote, as in `1, "2"`. RFC 4180 has no
 * such spaces, so a strict parser takes the quotes for text. What stands in quotes is not touched.
 */
export function withoutSpacesBeforeQuotes(text: string, delimiter: string): string {
  if (delimiter === ' ' || !text.includes(' "')) return text;
  // Splitting at quotes leaves the text outside them in the even parts (an escaped quote gives an
  // empty even part); a quoted field opens where such a part ends.
  const parts = text.split('"');
  for (let part = 0; part < parts.length - 1; part += 2) {
    const trimmed = parts[part].replace(/ +$/, '');
    const opensField =
      trimmed.endsWith(delimiter) || trimmed.endsWith('\n') || (part === 0 && trimmed === '');
    if (opensField) parts[part] = trimmed;
  }
  return parts.join('"');
}

function decode(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if ((first === 0x1f && second === 0x8b) || (first === 0x50 && second === 0x4b)) {
    const kind = first === 0x1f ? 'gzip-compressed' : 'a zip archive (or an Excel workbook)';
    throw new MixtureError(
      'INVALID_SAMPLES',
      `The input is ${kind}, not CSV text.`,
      'Unpack it first, or save the sheet as CSV.',
    );
  }
  if (bytes.length > LONGEST_STRING) {
    throw new MixtureError(
      'LIMIT_EXCEEDED',
      `The file has ${bytes.length} bytes, but at most ${LONGEST_STRING} can be read at once.`,
      'Split the file, or hand the samples to the library as typed arrays.',
      { bytes: bytes.length, limit: LONGEST_STRING },
    );
  }
  const encoding = encodingOfText(bytes.subarray(0, TELLING_BYTES));
  return new TextDecoder(encoding).decode(bytes);
}

/** By a file's first two bytes. */
function encodingOf(first?: number, second?: number): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return 'utf-8';
}

/** Of a whole file, or of its beginning: what is no UTF-8 is Windows-1252, as Excel saves CSV in the West. */
export function encodingOfText(bytes: Uint8Array): string {
  const marked = encodingOf(bytes[0], bytes[1]);
  if (marked !== 'utf-8') return marked;
  try {
    // (a letter may be cut at the end)
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return marked;
  } catch (error) {
    if (error instanceof TypeError) return 'windows-1252';
    throw error;
  }
}

/** Where the last line ends that is whole, outside quotes; 0 where none is. @param hasComments whether quotes in comments are none */
export function lastLineEnd(text: string, hasComments = false): number {
  if (!text.includes('"')) return text.lastIndexOf('\n') + 1;
  let quoted = false;
  let end = 0;
  for (let i = 0; i < text.length; i++) {
    if (hasComments && i === end && isComment(text, i)) {
      const next = text.indexOf('\n', i);
      if (next < 0) return end;
      i = next;
    }
    const code = text.charCodeAt(i);
    if (code === 34) quoted = !quoted;
    else if (code === 10 && !quoted) end = i + 1;
  }
  return end;
}

/** Whether the line that begins there is a comment. */
function isComment(text: string, start: number): boolean {
  let at = start;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return text[at] === '#' || text[at] === '%';
}

/** A line in place of one that is no part of the table: readers of bytes refuse NUL, so that no file has it. */
export const PASSED_OVER = '\0';

/**
 * The text with that many lines at its beginning, and comments where there are any, as lines that are passed over: lines keep their
 * numbers, and quotes in them are none.
 */
export function withoutPreamble(text: string, nLines: number, hasComments: boolean): string {
  let at = 0;
  for (let line = 0; line < nLines && at < text.length; line++) {
    const end = text.indexOf('\n', at);
    at = end < 0 ? text.length : end + 1;
  }
  const rest = text.slice(at);
  const before = `${PASSED_OVER}\n`.repeat(nLines);
  return before + (hasComments ? withoutComments(rest, PASSED_OVER) : rest);
}

/** The text with another line in place of each comment. */
export function withoutComments(text: string, filler: string): string {
  let quoted = false;
  const lines = text.split('\n').map((line) => {
    if (!quoted && isComment(line, 0)) return filler;
    if (line.split('"').length % 2 === 0) quoted = !quoted;
    return line;
  });
  return lines.join('\n');
}
