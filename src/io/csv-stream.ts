import type { SampleStream } from '../data/sample-forms.ts';
import { MixtureError } from '../errors.ts';
import { atSample, readBlocks, readStart, type ByteSource } from './byte-source.ts';
import { checkDelimiter } from './csv-dialect.ts';
import { layoutOfText } from './csv-layout.ts';
import { csvText, encodingOfText, lastLineEnd, TELLING_BYTES } from './csv-text.ts';
import { readRows, type CsvOptions, type CsvSamples } from './csv.ts';

/** Bytes parsed at a time. */
const BLOCK_BYTES = 2 ** 20;
/** A line, or a quoted field, longer than this is none. */
const LONGEST_LINE = 64 * 2 ** 20;

/** What is left open of a CSV file is found from its first megabyte. */
export interface CsvStream extends SampleStream {
  readonly skippedColumns: CsvSamples['skippedColumns'];
  /** Where the columns in use stand in the file. */
  readonly layout: CsvSamples['layout'];
}

/**
 * Samples of a CSV file, a megabyte at a time. Columns, header, delimiter, encoding and decimal mark are those of its beginning. Missing
 * values are NaN.
 * @throws MixtureError as `readCsv`, with the file's own line; SOURCE_FAILED
 */
export async function csvStream(
  source: ByteSource,
  options: Omit<CsvOptions, 'words' | 'allowMissing'> = {},
  signal?: AbortSignal,
): Promise<CsvStream> {
  if (options.delimiter !== undefined) checkDelimiter(options.delimiter);
  const encoding = encodingOfText(await readStart(source, TELLING_BYTES, signal));
  const common = { missing: options.missing, shortRows: options.shortRows, allowMissing: true };
  const beginning = await firstLines(source, encoding, signal);
  const found = layoutOfText(beginning, options);
  const first = readRows(beginning, found, { ...common, columns: options.columns });
  const { layout, columnNames, skippedColumns } = first;
  const columns = layout.columnIndices;
  return {
    nFeatures: columns.length,
    columnNames,
    skippedColumns,
    layout,
    async *chunks({ signal } = {}) {
      let line = 0;
      let sample = 0;
      try {
        for await (const text of readLines(source, encoding, signal)) {
          const { samples } = readPart(text, line);
          line += countLines(text);
          sample += samples.nSamples;
          if (samples.nSamples > 0) yield samples;
        }
      } catch (error) {
        throw atSample(error, () => sample);
      }
    },
  };

  function readPart(text: string, line: number): CsvSamples {
    try {
      return readRows(text, found, { ...common, columns }, line > 0);
    } catch (error) {
      throw atLine(error, line);
    }
  }
}

/** The text of a file in parts that end where a row does; of a file of one block, all of it. */
async function* readLines(
  source: ByteSource,
  encoding: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<string, void> {
  const decoder = new TextDecoder(encoding);
  let hasComments: boolean | undefined;
  let carry = '';
  let raw = '';
  for await (const { start, bytes } of readBlocks(source, 0, source.size, BLOCK_BYTES, signal)) {
    raw += decoder.decode(bytes, { stream: true });
    if (start + bytes.length === source.size) break;
    // (a CR at the end may be half of CR LF)
    const end = raw.endsWith('\r') ? raw.length - 1 : raw.length;
    carry += csvText(raw.slice(0, end));
    raw = raw.slice(end);
    hasComments ??= /^(sep=.\n)?\s*[#%]/i.test(carry);
    const lines = rowsEnd(carry, hasComments);
    if (lines > 0) {
      yield carry.slice(0, lines);
      carry = carry.slice(lines);
    } else if (carry.length > LONGEST_LINE) {
      throw new MixtureError(
        'INVALID_SAMPLES',
        `${source.name} has no line end in ${carry.length} characters before byte ${start + bytes.length}.`,
        'Look for a quote that is not closed.',
        { byte: start + bytes.length },
      );
    }
  }
  carry += csvText(raw + decoder.decode());
  if (carry !== '') yield carry;
}

/** Where the last row ends that is whole. Blank lines after it stay for the next: in one column they are missing values. */
function rowsEnd(text: string, hasComments: boolean): number {
  const lines = text.slice(0, lastLineEnd(text, hasComments));
  const { length } = lines.trimEnd();
  return length === 0 ? 0 : lines.indexOf('\n', length) + 1;
}

async function firstLines(
  source: ByteSource,
  encoding: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  for await (const text of readLines(source, encoding, signal)) return text;
  return '';
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return text.endsWith('\n') ? lines : lines + 1;
}

/** An error of a part of the file, with the line of the file. */
function atLine(error: unknown, before: number): unknown {
  if (!(error instanceof MixtureError)) return error;
  const { line } = error.details;
  if (typeof line !== 'number' || before === 0) return error;
  const message = error.message.replaceAll(
    /\b([Ll]ine) (\d+)/g,
    (_, word: string, own: string) => `${word} ${Number(own) + before}`,
  );
  const details = { ...error.details, line: line + before };
  return new MixtureError(error.code, message, error.hint, details, error);
}
