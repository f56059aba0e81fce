/** Where an unnormalised density lives: what an integral or a sum over it has to look at. */

/** The numbers a density is looked for at: an interval, or the whole numbers in it. */
export interface Range {
  readonly kind: 'interval' | 'integers';
  readonly from: number;
  readonly to: number;
}

/** ln f of the density, f w_1, f w_2, ... at x: -Infinity where there is none. `[0]` is ln f itself. */
export type LogMoments = (x: number, out: Float64Array) => void;

/** x from `low` to `high`, and ln of about its share of each moment. */
export interface Panel {
  readonly low: number;
  readonly high: number;
  readonly logShares: Float64Array;
}

/** A share e^-40 of a moment is no part of it. */
const NEGLIGIBLE = 40;
/** Modes that get a grid of their own. */
const MOST_MODES = 8;

/**
 * Cuts the range into panels, small where the density may be narrow: on logarithmic scales about 0, about the ends and about each
 * mode that a first scan finds; returned are those with a share in some moment.
 * @param nMoments moments beside the density itself
 */
export function panelsOf(
  range: Range,
  example: number,
  nMoments: number,
  logMoments: LogMoments,
): { panels: Panel[]; mode: number } {
  const { from, to } = range;
  const anchors = [0, from, to].filter((x) => Number.isFinite(x) && x >= from && x <= to);
  const points = [example, ...[...new Set(anchors)].flatMap((anchor) => around(anchor, 8))];
  if (Number.isFinite(to - from)) {
    for (let i = 1; i < 64; i++) points.push(from + (i / 64) * (to - from));
  }
  const out = new Float64Array(1 + nMoments);
  const logDensity = (x: number): number => {
    logMoments(x, out);
    return out[0];
  };
  const first = tidy(points, range);
  const modes = modesOf(first, range, logDensity);
  const all = tidy([...first, ...modes, ...modes.flatMap((mode) => around(mode, 4))], range);
  return {
    panels: withShares(all, range, nMoments, logMoments),
    mode: modes[0] ?? example,
  };
}

/** Points at distances of all magnitudes, `density` a decade from 10^-12 to 10^12, one beyond. */
function around(anchor: number, density: number): number[] {
  const points = [anchor];
  const add = (exponent: number): void => {
    const distance = 10 ** exponent;
    points.push(anchor - distance, anchor + distance);
  };
  for (let i = -12 * density; i <= 12 * density; i++) add(i / density);
  for (let i = 13; i <= 300; i++) {
    add(i);
    // (nearer than the float64s around it)
    if (10 ** -i > 2 ** -54 * Math.abs(anchor)) add(-i);
  }
  return points;
}

/** In order, once each, inside the range; its finite ends, too. */
function tidy(points: readonly number[], { kind, from, to }: Range): Float64Array {
  const whole = kind === 'integers';
  const inside = points
    .map((x) => (whole ? Math.round(x) : x))
    .filter((x) => x > from && x < to && (!whole || Number.isSafeInteger(x)));
  const ends = [from, to].filter(Number.isFinite);
  return Float64Array.from(new Set([...inside, ...ends])).sort();
}

/** The highest maxima of ln f, in order of height; none at the ends. */
function modesOf(points: Float64Array, range: Range, logDensity: (x: number) => number): number[] {
  const heights = points.map(logDensity);
  const modes: { x: number; height: number }[] = [];
  for (let i = 1; i < points.length - 1; i++) {
    const height = heights[i];
    const top = height >= heights[i - 1] && height >= heights[i + 1];
    if (!top || height === -Infinity || height === Infinity) continue;
    if (height === heights[i - 1] && height === heights[i + 1]) continue;
    const x = climb(points[i - 1], points[i + 1], points[i], range.kind, logDensity);
    modes.push({ x, height: logDensity(x) });
  }
  modes.sort((a, b) => b.height - a.height);
  return modes.slice(0, MOST_MODES).map(({ x }) => x);
}

/** Golden section search for the maximum between two numbers. */
function climb(
  low: number,
  high: number,
  start: number,
  kind: Range['kind'],
  logDensity: (x: number) => number,
): number {
  const at = kind === 'integers' ? Math.round : (x: number): number => x;
  const golden = (Math.sqrt(5) - 1) / 2;
  let best = start;
  let height = logDensity(start);
  const look = (x: number): number => {
    const found = logDensity(at(x));
    if (found > height) {
      height = found;
      best = at(x);
    }
    return found;
  };
  let [a, b] = [low, high];
  let left = b - golden * (b - a);
  let right = a + golden * (b - a);
  let [atLeft, atRight] = [look(left), look(right)];
  for (let step = 0; step < 80 && left < right; step++) {
    if (atLeft >= atRight) {
      b = right;
      right = left;
      atRight = atLeft;
      left = b - golden * (b - a);
      atLeft = look(left);
    } else {
      a = left;
      left = right;
      atLeft = atRight;
      right = a + golden * (b - a);
      atRight = look(right);
    }
  }
  return best;
}

function withShares(
  points: Float64Array,
  { kind, to }: Range,
  nMoments: number,
  logMoments: LogMoments,
): Panel[] {
  const panels: Panel[] = [];
  const greatest = new Float64Array(1 + nMoments).fill(-Infinity);
  const rows = Array.from(points, (x) => {
    const row = new Float64Array(1 + nMoments);
    logMoments(x, row);
    return row;
  });
  const finite = (value: number): number => (value < Infinity ? value : -Infinity);
  for (let i = 0; i + 1 < points.length; i++) {
    const width = Math.log(points[i + 1] - points[i]);
    const logShares = rows[i].map(
      (value, m) => width + Math.max(finite(value), finite(rows[i + 1][m])),
    );
    logShares.forEach((share, m) => (greatest[m] = Math.max(greatest[m], share)));
    panels.push({ low: points[i], high: points[i + 1], logShares });
  }
  // (of whole numbers, a panel has all but its upper end)
  const last = rows.length - 1;
  if (kind === 'integers' && points[last] === to) {
    panels.push({ low: points[last], high: points[last] + 1, logShares: rows[last] });
    rows[last].forEach((share, m) => (greatest[m] = Math.max(greatest[m], share)));
  }
  return panels.filter(({ logShares }) =>
    logShares.some((share, m) => share > -Infinity && share >= greatest[m] - NEGLIGIBLE),
  );
}
