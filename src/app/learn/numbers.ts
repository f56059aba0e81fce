/** Numbers as this page writes them. */

const MINUS = '−';

/** All digits that tell the number from its neighbours, or four decimals; tiny ones as powers of ten. */
export function written(value: number, allDigits = false): string {
  if (!Number.isFinite(value)) return value < 0 ? `${MINUS}∞` : '∞';
  const size = Math.abs(value);
  if (allDigits) return signed(String(value));
  if (size > 0 && size < 5e-5) return signed(value.toExponential(1));
  if (size >= 1e6) return signed(value.toExponential(3));
  return signed(
    size >= 1000 ? value.toFixed(2) : size >= 100 ? value.toFixed(3) : value.toFixed(4),
  );
}

/** A bound: six decimals, so that the digits stand still. */
export function boundText(value: number, allDigits = false): string {
  return signed(allDigits ? String(value) : value.toFixed(6));
}

/** A change with its sign; what rounding makes of nothing is 0. */
export function changeText(change: number, size: number): string {
  if (Math.abs(change) <= 1e-13 * Math.max(1, Math.abs(size))) return '0';
  const distance = Math.abs(change);
  const text = distance < 1e-4 ? change.toExponential(1) : change.toFixed(distance >= 100 ? 4 : 6);
  return (change > 0 ? '+' : '') + signed(text);
}

/** 0 for what is 0 but for the rounding of the sums that made it. */
export function rounded(value: number, size = 1): number {
  return Math.abs(value) <= 1e-12 * Math.max(1, Math.abs(size)) ? 0 : value;
}

/** A number as short as it says itself: 6, 5.132, 0.7846. */
export function brief(value: number): string {
  const rounded = Number(value.toPrecision(4));
  return signed(
    Math.abs(rounded) < 1e-4 && rounded !== 0 ? value.toExponential(1) : String(rounded),
  );
}

/** "81%", or "more than 99%" where rounding would say all, "less than 1%" where it would say none. */
export function shareText(share: number): string {
  const percent = Math.round(100 * share);
  if (percent === 100 && share < 1) return 'more than 99%';
  if (percent === 0 && share > 0) return 'less than 1%';
  return `${percent}%`;
}

/** exp(logValue) as mantissa and power of ten, for densities too small to be numbers; no power where it reads well without. */
export function fromLog(logValue: number): { mantissa: string; power: number | undefined } {
  if (logValue === -Infinity) return { mantissa: '0', power: undefined };
  const decimal = logValue / Math.LN10;
  const power = Math.floor(decimal);
  if (power >= -3 && power < 4) return { mantissa: brief(Math.exp(logValue)), power: undefined };
  return { mantissa: (10 ** (decimal - power)).toFixed(3), power };
}

function signed(text: string): string {
  return (/^-0(\.0*)?$/.test(text) ? text.slice(1) : text).replaceAll('-', MINUS);
}
