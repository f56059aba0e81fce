/** 1000000 as 1,000,000, whatever the locale. */
export function grouped(value: number): string {
  return value.toString().replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

/** Milliseconds, or anything else: three digits are more than a spread of a few percent carries. */
export function threeDigits(value: number): string {
  return Math.abs(value) >= 100 ? grouped(Math.round(value)) : value.toPrecision(3);
}

/** "1e-5", "2.3e-8". */
export function exponential(value: number): string {
  return Number.isFinite(value) ? value.toExponential(1).replace('.0e', 'e') : String(value);
}

export function mebibytes(bytes: number): string {
  if (Math.abs(bytes) < 2 ** 20) return `${(bytes / 2 ** 10).toFixed(0)} KiB`;
  return `${grouped(Number((bytes / 2 ** 20).toFixed(1)))} MiB`;
}

/** A share in percent, to a tenth. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1).replace('.0', '')} %`;
}

/** A table in Markdown. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, header.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}
