import type { NumericArray, SampleStream, StreamChunk } from '../data/sample-forms.ts';
import { MixtureError } from '../errors.ts';

type Column = string | number;

/**
 * A stream of some of another's columns, one of them its sample weights.
 * @throws MixtureError INVALID_OPTION for a column that is not there
 */
export function pickColumns<S extends SampleStream>(
  stream: S,
  columns: readonly Column[] | undefined,
  weightColumn: Column | undefined,
): S {
  if (columns === undefined && weightColumn === undefined) return stream;
  const { columnNames, nFeatures = 0 } = stream;
  const indexOf = (column: Column): number => {
    const index = typeof column === 'number' ? column : (columnNames ?? []).indexOf(column);
    if (Number.isInteger(index) && index >= 0 && index < nFeatures) return index;
    throw new MixtureError(
      'INVALID_OPTION',
      `There is no column ${JSON.stringify(column)}: the file has ${nFeatures}.`,
      columnNames ? `Its columns are ${columnNames.join(', ')}.` : 'Count from 0.',
      { column },
    );
  };
  const weight = weightColumn === undefined ? undefined : indexOf(weightColumn);
  const indices = columns
    ? columns.map(indexOf)
    : Array.from({ length: nFeatures }, (_, d) => d).filter((d) => d !== weight);
  return {
    ...stream,
    nFeatures: indices.length,
    columnNames: columnNames && indices.map((d) => columnNames[d]),
    async *chunks(scope) {
      for await (const chunk of stream.chunks(scope)) yield pick(chunk, indices, weight);
    },
  };
}

function pick(
  { data, nSamples, nFeatures }: StreamChunk,
  indices: readonly number[],
  weight: number | undefined,
): StreamChunk {
  const values = data as NumericArray;
  const picked = values.slice(0, nSamples * indices.length);
  for (let n = 0, i = 0; n < nSamples; n++) {
    for (const d of indices) picked[i++] = values[n * nFeatures + d];
  }
  const sampleWeights =
    weight === undefined
      ? undefined
      : Float64Array.from({ length: nSamples }, (_, n) => values[n * nFeatures + weight]);
  return { data: picked, nSamples, nFeatures: indices.length, sampleWeights };
}
