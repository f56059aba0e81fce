/** Numbers and sentences as the page writes them. */

/** A number that rounds to zero has no sign. */
const UNSIGNED_ZERO = { signDisplay: 'negative' } as const;

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0, ...UNSIGNED_ZERO });
const significant = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });

/** 1000000 -> "1,000,000" */
export function count(value: number): string {
  return whole.format(value);
}

/** "1 component", "3 components" */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** Four significant digits, scientific outside 1e-4 .. 1e7, with a true minus sign. */
export function quantity(value: number): string {
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 1e-4 || size >= 1e7) ? value.toExponential(2) : significant.format(value);
  return text.replace('-', '−');
}

/** A lower bound: always five decimals, so that the digits stand still while it moves. */
export function bound(value: number): string {
  return Number.isFinite(value) ? value.toFixed(5).replace('-', '−') : '–';
}

/** A gain of the lower bound with its sign, such as "+1.2e−5". */
export function gain(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toExponential(1).replace('-', '−')}`;
}

/** A mean with its standard deviation: three digits of the deviation, and the mean as far: "79.97 ± 6.00", "1,700,003,600 ± 299". */
export function spread(mean: number, deviation: number): string {
  if (!(deviation > 0 && deviation < Infinity)) return `${exact(mean)} ± ${quantity(deviation)}`;
  const size = Math.floor(Math.log10(deviation));
  const decimals = Math.max(0, 2 - size);
  if (decimals <= 6 && Math.max(Math.abs(mean), deviation) < 1e15) {
    const write = (value: number) => decimalsOf(decimals, true).format(value).replace('-', '−');
    return `${write(mean)} ± ${write(deviation)}`;
  }
  const digits = Math.floor(Math.log10(Math.abs(mean) || deviation)) - size + 2;
  return `${mean.toExponential(Math.max(0, Math.min(15, digits))).replace('-', '−')} ± ${deviation.toExponential(2)}`.replaceAll(
    'e-',
    'e−',
  );
}

/** One of several numbers that differ by so much: with as many digits as tell them apart, "1,700,003,600" of a range of 5,000. */
export function resolved(value: number, extent: number): string {
  if (!(extent > 0 && extent < Infinity)) return quantity(value);
  const size = Math.max(Math.abs(value), extent);
  const decimals = 3 - Math.floor(Math.log10(extent));
  if (size < 1e-4 || size >= 1e15 || decimals > 12) {
    const digits = Math.floor(Math.log10(size)) + decimals;
    return value.toExponential(Math.max(2, Math.min(15, digits))).replaceAll('-', '−');
  }
  return decimalsOf(Math.max(0, decimals), false).format(value).replace('-', '−');
}

/** "1,699,999,000 to 1,700,004,500" */
export function range(low: number, high: number): string {
  return `${resolved(low, high - low)} to ${resolved(high, high - low)}`;
}

/** A number of the data: all digits that it has of itself, up to 12, or to the 7 of a float32. */
export function exact(value: number, isSingle = false): string {
  const size = Math.abs(value);
  const digits = isSingle ? 7 : 12;
  if (size !== 0 && (size < 1e-4 || size >= 1e15)) {
    return String(Number(value.toPrecision(digits))).replaceAll('-', '−');
  }
  return value.toLocaleString('en-US', { maximumSignificantDigits: digits }).replace('-', '−');
}

const formats = new Map<string, Intl.NumberFormat>();

/** Making one takes longer than using it. @param all whether zeros at the end are written */
function decimalsOf(maximumFractionDigits: number, all: boolean): Intl.NumberFormat {
  const key = `${maximumFractionDigits} ${all}`;
  let made = formats.get(key);
  if (!made) {
    const minimumFractionDigits = all ? maximumFractionDigits : 0;
    const digits = { minimumFractionDigits, maximumFractionDigits };
    made = new Intl.NumberFormat('en-US', { ...digits, ...UNSIGNED_ZERO });
    formats.set(key, made);
  }
  return made;
}

/** "5.2%"; a share too small to show is not called none. */
export function percent(share: number): string {
  if (share > 0 && share < 0.0005) return '<0.1%';
  return `${(100 * share).toFixed(1)}%`;
}

/** "0.84 ms", "12.4 ms", "1.3 s", with a space that does not break. */
export function duration(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)}\u00a0s`;
  if (milliseconds >= 100) return `${milliseconds.toFixed(0)}\u00a0ms`;
  return `${milliseconds.toFixed(milliseconds >= 10 ? 1 : 2)}\u00a0ms`;
}

/** A duration by the page's clock: no finer than that ticks. */
export function measured(milliseconds: number, tick = clockTick()): string {
  if (milliseconds < tick) return `<${tick}\u00a0ms`;
  if (tick < 1 || milliseconds >= 1000) return duration(milliseconds);
  return `${milliseconds.toFixed(0)}\u00a0ms`;
}

let tickFound: number | undefined;

/** Milliseconds: 1 in Firefox and Safari, else 0.1. Found by waiting for some ticks. */
function clockTick(): number {
  if (tickFound !== undefined) return tickFound;
  let least = Infinity;
  for (let i = 0; i < 3; i++) {
    const before = performance.now();
    let after = before;
    while (after === before) after = performance.now();
    least = Math.min(least, after - before);
  }
  return (tickFound = least > 0.5 ? 1 : 0.1);
}

/** The middle of the values; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
