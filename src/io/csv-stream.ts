import type { SampleStream } from '../data/sample-forms.ts';
import { MixtureError } from '../errors.ts';
import { atSample, readBlocks, readStart, type ByteSource } from './byte-source.ts';
import { encodingOf, lastLineEnd } from './csv-text.ts';
import { readCsv, type CsvOptions, type CsvSamples } from './csv.ts';

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
 * Samples of a CSV file, a megabyte at a time. Columns, header, delimiter and decimal mark are those of its beginning. Missing values
 * are NaN.
 * @throws MixtureError as `readCsv`, with the file's own line; SOURCE_FAILED
 */
export async function csvStream(
  source: ByteSource,
  options: Omit<CsvOptions, 'words' | 'allowMissing'> = {},
  signal?: AbortSignal,
): Promise<CsvStream> {
  const encoding = encodingOf(...(await readStart(source, 2, signal)));
  const common = { missing: options.missing, allowMissing: true };
  const beginning = await firstLines(source, encoding, signal);
  const { layout, columnNames, skippedColumns } = readCsv(beginning, { ...options, ...common });
  const { columnIndices: columns, delimiter, hasHeader } = layout;
  const nFeatures = columns.length;
  return {
    nFeatures,
    columnNames,
    skippedColumns,
    layout,
    async *chunks({ signal } = {}) {
      let line = 0;
      let sample = 0;
      const parse = (text: string): CsvSamples['samples'] | undefined => {
        const header = line === 0 && hasHeader;
        const lines = countLines(text);
        if (text.trim() === '' || (header && lines <= 1)) {
          line += lines;
          return undefined;
        }
        try {
          const { samples } = readCsv(text, { ...common, columns, delimiter, header });
          sample += samples.nSamples;
          return samples;
        } catch (error) {
          throw atLine(error, line);
        } finally {
          line += lines;
        }
      };
      try {
        for await (const text of readLines(source, encoding, signal)) {
          const samples = parse(text);
          if (samples) yield samples;
        }
      } catch (error) {
        throw atSample(error, () => sample);
      }
    },
  };
}

/** The text of a file in parts that end where a line does. */
async function* readLines(
  source: ByteSource,
  encoding: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<string, void> {
  const decoder = new TextDecoder(encoding);
  let carry = '';
  for await (const { start, bytes } of readBlocks(source, 0, source.size, BLOCK_BYTES, signal)) {
    carry += decoder.decode(bytes, { stream: true });
    const end = lastLineEnd(carry);
    if (end > 0) {
      yield carry.slice(0, end);
      carry = carry.slice(end);
    } else if (carry.length > LONGEST_LINE) {
      throw new MixtureError(
        'INVALID_SAMPLES',
        `${source.name} has no line end in ${carry.length} characters before byte ${start + bytes.length}.`,
        'Look for a quote that is not closed.',
        { byte: start + bytes.length },
      );
    }
  }
  carry += decoder.decode();
  if (carry !== '') yield carry;
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
