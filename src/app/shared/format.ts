/** Numbers and sentences as the page writes them. */

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
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

/** A mean with its standard deviation: three digits of the deviation, and the mean as far: "79.97 ± 6.00". */
export function spread(mean: number, deviation: number): string {
  const decimals = 2 - Math.floor(Math.log10(deviation));
  const plain = decimals >= 0 && decimals <= 6 && Math.abs(mean) < 1e7;
  if (!plain) return `${quantity(mean)} ± ${quantity(deviation)}`;
  return `${mean.toFixed(decimals).replace('-', '−')} ± ${deviation.toFixed(decimals)}`;
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
