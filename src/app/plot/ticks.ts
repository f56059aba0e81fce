import type { Range } from './view-window.ts';

/** Round values along an axis and how they are written. */
export interface Ticks {
  readonly values: readonly number[];
  /** One a value, no two alike. */
  readonly labels: readonly string[];
  /** How to read the labels where they are not the values themselves, such as "× 10⁶ + 1,700,000,000"; else ''. */
  readonly note: string;
}

/** Characters that fit beside the vertical axis and between two ticks of the horizontal one. */
const MOST_CHARACTERS = 7;
/** Numbers this many times as large as their range are written as what they exceed a round number by. */
const FAR = 100;

/** About `wanted` round values (1, 2 or 5 times a power of ten apart, as d3-scale chooses them) inside the range. */
export function ticks({ low, high }: Range, wanted: number): Ticks {
  const rough = (high - low) / Math.max(1, wanted);
  const floor = Math.floor(Math.log10(rough));
  const lead = rough / 10 ** floor;
  // the nearest by ratio, so the borders are geometric means
  const digit = lead < Math.SQRT2 ? 1 : lead < Math.sqrt(10) ? 2 : lead < Math.sqrt(50) ? 5 : 10;
  const step = decimal(digit, floor);
  const power = digit === 10 ? floor + 1 : floor;
  // a range of nothing, or one that float64 does not hold
  if (!(step > 0 && step < Infinity)) return { values: [], labels: [], note: '' };
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step);
  // whole numbers of steps, not a running sum: the sum drifts
  const steps = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
  const values = steps.map((n) => decimal(n * (digit === 10 ? 1 : digit), power));
  return { values, ...labelled(steps, values, step, power) };
}

/** n * 10^power with one rounding: a negative power of ten is no float64, its inverse is. */
function decimal(n: number, power: number): number {
  return power < 0 ? n / 10 ** -power : n * 10 ** power;
}

/** Plain where they fit, else without a common round number, else in thousands, millions, thousandths and so on. */
function labelled(
  steps: readonly number[],
  values: readonly number[],
  step: number,
  power: number,
): Pick<Ticks, 'labels' | 'note'> {
  const plain = written(values, power);
  if (plain.every((label) => label.length <= MOST_CHARACTERS)) return { labels: plain, note: '' };
  const span = Math.max(values.at(-1)! - values[0], step);
  const size = Math.max(...values.map(Math.abs));
  if (size < FAR * span) return inUnits(values, power);
  const { rest, offset } = apartFrom(steps, values, step, power);
  const sign = offset < 0 ? '−' : '+';
  return {
    labels: rest.labels,
    note: `${rest.note} ${sign} ${long(Math.abs(offset), power)}`.trim(),
  };
}

/** What the values exceed a number by, the roundest one that leaves labels which fit. */
function apartFrom(
  steps: readonly number[],
  values: readonly number[],
  step: number,
  power: number,
): { rest: Pick<Ticks, 'labels' | 'note'>; offset: number } {
  const least = Math.ceil(Math.log10(step) - 1e-9);
  const middle = (values[0] + values.at(-1)!) / 2;
  let found = { rest: inUnits(values, power), offset: 0 };
  for (let at = Math.floor(Math.log10(Math.abs(middle))); at >= least; at--) {
    // a multiple of the step, so that what is left over is exact
    const round = decimal(1, at);
    const perRound = Math.round(round / step);
    // from below, so that labels are positive; else the nearest, which the values may lie about
    for (const base of [Math.floor(values[0] / round), Math.round(middle / round)]) {
      const rests = steps.map((n) => (n - base * perRound) * step);
      found = { rest: inUnits(rests, power), offset: base * round };
      if (found.rest.note === '') return found;
    }
  }
  return found;
}

function inUnits(values: readonly number[], power: number): Pick<Ticks, 'labels' | 'note'> {
  const plain = written(values, power);
  if (plain.every((label) => label.length <= MOST_CHARACTERS)) return { labels: plain, note: '' };
  const size = Math.max(...values.map(Math.abs));
  const unit = 3 * Math.floor(Math.log10(size) / 3 + 1e-9);
  return {
    labels: written(
      values.map((value) => decimal(value, -unit)),
      power - unit,
    ),
    note: `× ${powerOfTen(unit)}`,
  };
}

/** With as many decimals as tell steps of that power of ten apart. */
function written(values: readonly number[], power: number): string[] {
  const decimals = Math.max(0, -power);
  // longer than any label may be, and more than toFixed takes
  if (decimals > 99) return values.map((value) => value.toExponential(2));
  return values.map((value) => {
    const text = value.toFixed(decimals);
    if (Number(text) === 0) return '0';
    return grouped(text).replace('-', '−');
  });
}

/** 12500.25 -> "12,500.25" */
function grouped(text: string): string {
  const [whole, fraction] = text.split('.');
  const commas = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? commas : `${commas}.${fraction}`;
}

/** A round number with all of its digits, or as a power of ten where it is too long to read. */
function long(value: number, power: number): string {
  if (value >= 1e-6 && value < 1e15) {
    const text = value.toFixed(Math.max(0, -power));
    return grouped(text.includes('.') ? text.replace(/\.?0+$/, '') : text);
  }
  const [digits, exponent] = value.toExponential().split('e');
  return `${digits} × ${powerOfTen(Number(exponent))}`;
}

function powerOfTen(exponent: number): string {
  const raised = String(Math.abs(exponent)).replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]);
  return `10${exponent < 0 ? '⁻' : ''}${raised}`;
}
