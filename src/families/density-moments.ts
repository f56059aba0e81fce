import { panelsOf, type LogMoments, type Panel, type Range } from './density-scan.ts';

/** Integrals (sums) of f, f w_1, f w_2, ... over a range. */
export interface Moments {
  readonly values: Float64Array;
  /** Of |f w|: what errors are relative to. */
  readonly sizes: Float64Array;
  /** How far the values may be off, where the rule was used. */
  readonly errors: Float64Array;
  /** About what |f w| has where the rule did not reach: Infinity where nobody knows. */
  readonly tails: Float64Array;
  /** Where f is highest. */
  readonly mode: number;
}

/** f at x, and w_1, w_2, ... : ln f is returned (-Infinity where there is none), `weights` filled. */
export type LogDensity = (x: number, weights: Float64Array) => number;

/** Panels are halved until the two rules agree so well, or f was asked for so often. */
const PRECISION = 1e-12;
const MOST_POINTS = 40_000;
/** A panel so narrow beside the end of the support that no number is between: what an infinite f has there may be this much more. */
const NARROWEST = 2 ** -48;
const UNSEEN = 100;
/** No density has a share e^600 of anything in a panel. */
const LARGEST = 600;
/** Whole numbers summed; the panels that are left are a tail. */
const MOST_TERMS = 200_000;

/** Gauss-Kronrod rule of 7 and 15 points (Kronrod 1965; QUADPACK's qk15): nodes, weights, and weights of the 7. */
const NODES = [
  0.9914553711208126, 0.9491079123427585, 0.8648644233597691, 0.7415311855993945,
  0.5860872354676911, 0.4058451513773972, 0.20778495500789848, 0,
];
const KRONROD = [
  0.022935322010529224, 0.06309209262997856, 0.10479001032225019, 0.14065325971552592,
  0.1690047266392679, 0.19035057806478542, 0.20443294007529889, 0.20948214108472782,
];
const GAUSS = [
  0, 0.1294849661688697, 0, 0.27970539148927664, 0, 0.3818300505051189, 0, 0.4179591836734694,
];

/**
 * Moments of a density given by its logarithm, wherever on the number line it is and however wide: panels about its modes
 * (density-scan.ts), halved where the rule is not yet exact (kinks, infinite ends), or summed where the support is whole numbers.
 * @param nWeights how many w there are
 * @param begin called when the mode is known, before w count: how exact ln f is there, which no rule can better
 */
export function momentsOf(
  range: Range,
  example: number,
  nWeights: number,
  logDensity: LogDensity,
  begin: (mode: number) => number,
): Moments {
  const weights = new Float64Array(nWeights);
  const logMoments: LogMoments = (x, out) => {
    const height = logDensity(x, weights);
    out[0] = height;
    for (let m = 0; m < nWeights; m++) {
      out[m + 1] = height === -Infinity ? height : height + Math.log(Math.abs(weights[m]));
    }
  };
  const { panels, mode } = panelsOf(range, example, nWeights, logMoments);
  // f is kept in units of its largest panel
  const unit = panels.reduce((most, { logShares }) => Math.max(most, logShares[0]), -Infinity);
  const visit = (x: number, add: (moment: number, value: number) => void): void => {
    const height = logDensity(x, weights);
    if (height === -Infinity || !(height < Infinity)) return;
    const f = Math.exp(height - unit);
    add(0, f);
    for (let m = 0; m < nWeights; m++) {
      const value = f * weights[m];
      if (Number.isFinite(value)) add(m + 1, value);
    }
  };
  const rule = range.kind === 'interval' ? integrate : sumUp;
  const noise = Math.max(1e-14, begin(mode));
  const { values, sizes, errors, left } = rule(panels, 1 + nWeights, visit, noise);
  const tails = values.map((_, m) => {
    let tail = 0;
    for (const panel of left) tail += Math.exp(panel.logShares[m] - unit);
    return tail + beyond(panels, range, m, unit) + besideEnds(panels, range, m, unit);
  });
  const scale = Math.exp(unit);
  for (const numbers of [values, sizes, errors, tails]) {
    numbers.forEach((value, m) => (numbers[m] = value === 0 ? 0 : value * scale));
  }
  // (what grows so far has been caught at one end of its last panel)
  if (unit > LARGEST) values[0] = Infinity;
  return { values, sizes, errors, tails, mode };
}

type Visit = (x: number, add: (moment: number, value: number) => void) => void;

interface Sums {
  readonly values: Float64Array;
  readonly sizes: Float64Array;
  readonly errors: Float64Array;
}

function integrate(
  panels: readonly Panel[],
  count: number,
  visit: Visit,
  noise: number,
): Sums & { left: readonly Panel[] } {
  let pieces = panels.map(({ low, high }) => kronrod(low, high, count, visit));
  let points = 15 * pieces.length;
  for (;;) {
    const sums = total(pieces, count);
    const share = sums.sizes.map((size) => (PRECISION * size) / pieces.length);
    const refine = (piece: Piece): boolean =>
      piece.middle > piece.low &&
      piece.middle < piece.high &&
      piece.errors.some((error, m) => error > Math.max(share[m], noise * piece.sizes[m]));
    const coarse = pieces.filter(refine);
    if (coarse.length === 0 || points > MOST_POINTS) return { ...sums, left: [] };
    points += 30 * coarse.length;
    pieces = pieces.flatMap((piece) =>
      refine(piece)
        ? [
            kronrod(piece.low, piece.middle, count, visit),
            kronrod(piece.middle, piece.high, count, visit),
          ]
        : [piece],
    );
  }
}

interface Piece extends Sums {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

function total(pieces: readonly Sums[], count: number): Sums {
  const add = (key: keyof Sums): Float64Array =>
    Float64Array.from({ length: count }, (_, m) =>
      pieces.reduce((sum, piece) => sum + piece[key][m], 0),
    );
  return { values: add('values'), sizes: add('sizes'), errors: add('errors') };
}

function kronrod(low: number, high: number, count: number, visit: Visit): Piece {
  const half = high / 2 - low / 2;
  const middle = low + half;
  const values = new Float64Array(count);
  const sizes = new Float64Array(count);
  const coarse = new Float64Array(count);
  NODES.forEach((node, i) => {
    for (const x of node === 0 ? [middle] : [low + half * (1 - node), high - half * (1 - node)]) {
      visit(x, (m, value) => {
        values[m] += KRONROD[i] * half * value;
        sizes[m] += KRONROD[i] * half * Math.abs(value);
        coarse[m] += GAUSS[i] * half * value;
      });
    }
  });
  return {
    low,
    middle,
    high,
    values,
    sizes,
    errors: values.map((v, m) => Math.abs(v - coarse[m])),
  };
}

/** Whole numbers one by one, of the panels with most of the density first. */
function sumUp(
  panels: readonly Panel[],
  count: number,
  visit: Visit,
): Sums & { left: readonly Panel[] } {
  const values = new Float64Array(count);
  const sizes = new Float64Array(count);
  const left: Panel[] = [];
  let terms = 0;
  // (the share of a single number, for panels from the left end on a tail's shares fall)
  const order = [...panels].sort(
    (a, b) =>
      b.logShares[0] - Math.log(b.high - b.low) - (a.logShares[0] - Math.log(a.high - a.low)),
  );
  for (const panel of order) {
    if (terms + (panel.high - panel.low) > MOST_TERMS) {
      left.push(panel);
      continue;
    }
    terms += panel.high - panel.low;
    for (let x = panel.low; x < panel.high; x++) {
      visit(x, (m, value) => {
        values[m] += value;
        sizes[m] += Math.abs(value);
      });
    }
  }
  const rounding = 2 ** -52 * Math.sqrt(1 + terms);
  return { values, sizes, errors: sizes.map((size) => size * rounding), left };
}

/** What is beyond the last panels of an infinite range, if their shares go on falling as they do. */
function beyond(
  panels: readonly Panel[],
  { kind, from, to }: Range,
  m: number,
  unit: number,
): number {
  const furthest = kind === 'interval' ? 9e299 : 9e14;
  let sum = 0;
  for (const side of [from === -Infinity && -1, to === Infinity && 1]) {
    if (side === false) continue;
    const outer = panels
      .filter(({ low, high }) => (side > 0 ? high > furthest : low < -furthest))
      .map(({ logShares }) => logShares[m]);
    if (outer.length === 0) continue;
    const all = side > 0 ? panels : panels.toReversed();
    const last = all.at(-1)!.logShares[m];
    const ratio = Math.exp(last - (all.at(-2)?.logShares[m] ?? last));
    if (last === -Infinity) continue;
    sum += ratio < 0.98 ? (Math.exp(last - unit) * ratio) / (1 - ratio) : Infinity;
  }
  return sum;
}

/** What an f that is infinite at a finite end other than 0 may have between the end and the next numbers. */
function besideEnds(
  panels: readonly Panel[],
  { kind, from, to }: Range,
  m: number,
  unit: number,
): number {
  if (kind === 'integers') return 0;
  let sum = 0;
  for (const { low, high, logShares } of panels) {
    const end = low === from ? from : to;
    if ((low === from || high === to) && high - low < NARROWEST * Math.abs(end)) {
      sum += UNSEEN * Math.exp(logShares[m] - unit);
    }
  }
  return sum;
}
