import type { HalfStep } from './half-step.ts';
import {
  column,
  fraction,
  line,
  low,
  math,
  number,
  power,
  result,
  row,
  squaredNumber,
  sub,
  subPower,
  sumOver,
} from './mathml.ts';
import type { Piece } from './mathml.ts';
import { rounded } from './numbers.ts';
import type { WalkState } from './walk.ts';

/** The M-step for one component: N_k, pi_k, mu_k and sigma_k with their numbers; in the plane the chosen sample's part of each sum. */
export function maximisationLines(state: WalkState, step: HalfStep): Element[] {
  return state.lesson.samples.nFeatures === 1 ? onLine(state, step) : inPlane(state, step);
}

function onLine({ lesson, component: k }: WalkState, step: HalfStep): Element[] {
  const { data, nSamples } = lesson.samples;
  const c = String(k + 1);
  const shares = sharesOf(step, k, lesson.nComponents);
  const mass = step.componentMass[k];
  const mean = rounded(step.means[k]);
  const variance = step.covariances[k];
  const all = (part: (n: number) => Piece) =>
    Array.from({ length: nSamples }, (_, n) => (n === 0 ? [part(n)] : ['+', part(n)])).flat();
  const average = (part: (n: number) => Piece) => [
    fraction('1', number(mass)),
    low('('),
    ...all(part),
    low(')'),
  ];
  return [
    line(
      sub('N', c),
      '=',
      sumOver('n'),
      share(c),
      '=',
      ...all((n) => number(shares[n])),
      '=',
      result(number(mass)),
    ),
    weightLine(c, mass, nSamples, step.weights[k]),
    line(
      sub('μ', c),
      '=',
      fraction('1', sub('N', c)),
      sumOver('n'),
      share(c),
      sub('x', 'n'),
      '=',
      ...average((n) => row(number(shares[n]), '·', number(data[n]))),
      '=',
      result(number(mean, true)),
    ),
    line(
      subPower('σ', c, '2'),
      '=',
      fraction('1', sub('N', c)),
      sumOver('n'),
      share(c),
      squared(row(sub('x', 'n'), '−', sub('μ', c))),
      '=',
      ...average((n) => row(number(shares[n]), '·', squaredNumber(rounded(data[n] - mean)))),
      '=',
      number(variance),
    ),
    line(
      sub('σ', c),
      '=',
      math('msqrt', [number(variance)]),
      '=',
      result(number(Math.sqrt(variance))),
    ),
  ];
}

function inPlane({ lesson, component: k, sample }: WalkState, step: HalfStep): Element[] {
  const { data, nSamples } = lesson.samples;
  const [n, c] = [String(sample + 1), String(k + 1)];
  const q = sharesOf(step, k, lesson.nComponents)[sample];
  const mass = step.componentMass[k];
  const x = Array.from(data.subarray(2 * sample, 2 * sample + 2));
  const mean = Array.from(step.means.subarray(2 * k, 2 * k + 2), (value) => rounded(value));
  const covariance = Array.from(step.covariances.subarray(4 * k, 4 * k + 4), (value) =>
    rounded(value),
  );
  const part = (...inner: Piece[]) => [low('('), '…', '+', row(...inner), '+', '…', low(')')];
  const difference = x.map((value, d) => rounded(value - mean[d]));
  return [
    line(
      sub('N', c),
      '=',
      sumOver('n'),
      share(c),
      '=',
      ...part(number(q)),
      '=',
      result(number(mass)),
    ),
    weightLine(c, mass, nSamples, step.weights[k]),
    line(
      sub('μ', c),
      '=',
      fraction('1', sub('N', c)),
      sumOver('n'),
      share(c),
      sub('x', 'n'),
      '=',
      fraction('1', number(mass)),
      ...part(number(q), '·', column(x)),
      '=',
      result(column(mean)),
    ),
    line(sub('x', n), '−', sub('μ', c), '=', column(x), '−', column(mean), '=', column(difference)),
    line(
      sub('Σ', c),
      '=',
      fraction('1', sub('N', c)),
      sumOver('n'),
      share(c),
      row('(', sub('x', 'n'), '−', sub('μ', c), ')'),
      power(row('(', sub('x', 'n'), '−', sub('μ', c), ')'), 'T'),
      '=',
      result(matrix(covariance)),
    ),
  ];
}

/** q_n,1: sample first, component second. */
function share(c: string): Element {
  return sub('q', 'n', ',', c);
}

function weightLine(c: string, mass: number, nSamples: number, weight: number): Element {
  return line(
    sub('π', c),
    '=',
    fraction(sub('N', c), 'N'),
    '=',
    fraction(number(mass), String(nSamples)),
    '=',
    result(number(weight)),
  );
}

function matrix([a, b, c, d]: readonly number[]): Element {
  const rows = [
    [a, b],
    [c, d],
  ].map((values) =>
    math(
      'mtr',
      values.map((value) => math('mtd', [number(value, true)])),
    ),
  );
  return row('(', math('mtable', rows), ')');
}

function squared(inner: Element): Element {
  return power(row('(', inner, ')'), '2');
}

function sharesOf({ responsibilities }: HalfStep, k: number, nComponents: number): Float64Array {
  return responsibilities.filter((_, i) => i % nComponents === k);
}
