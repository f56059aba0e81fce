/** Six significant digits, without trailing zeros: enough to read, few enough to compare. */
export function significant(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** "1 sample", "2 samples". */
export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

export type Alignment = 'left' | 'right';

/** A table with columns as wide as their longest cell. */
export function textTable(
  rows: readonly (readonly string[])[],
  align: readonly Alignment[],
): string {
  const widths = align.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) => {
      const cells = row.map((cell, column) =>
        align[column] === 'right' ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
      );
      return `${cells.join('  ').trimEnd()}\n`;
    })
    .join('');
}
