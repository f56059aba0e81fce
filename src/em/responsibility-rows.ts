/** Numbers in a block of rows: about a millisecond's work for whoever takes them. */
const BLOCK = 16384;

/** What a device gives of some samples: a column a component. */
interface Columns {
  readonly values: Float32Array;
  /** Numbers between two columns. */
  readonly stride: number;
  /** Samples. */
  readonly count: number;
}

/**
 * Columns as rows of K, a block of samples at a time; the block is written anew for the next.
 * @param instead the row of a sample that the columns do not tell of, K
 */
export function* rowsOf(
  { values, stride, count }: Columns,
  instead: (n: number) => ArrayLike<number> | undefined,
  nComponents: number,
): Generator<{ readonly from: number; readonly length: number; readonly block: Float32Array }> {
  const most = Math.min(count, Math.max(1, Math.floor(BLOCK / nComponents)));
  const block = new Float32Array(most * nComponents);
  for (let from = 0; from < count; from += most) {
    const length = Math.min(most, count - from);
    for (let k = 0; k < nComponents; k++) {
      for (let i = 0, at = k; i < length; i++, at += nComponents) {
        block[at] = values[k * stride + from + i];
      }
    }
    for (let i = 0; i < length; i++) {
      const row = instead(from + i);
      if (row) block.set(row, i * nComponents);
    }
    yield { from, length, block };
  }
}
