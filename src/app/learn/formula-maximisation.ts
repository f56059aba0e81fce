import { joined } from './formula-expectation.ts';
import type { HalfStep } from './half-step.ts';
import {
  column,
  fraction,
  line,
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
  const mean = step.means[k];
  const variance = step.covariances[k];
  const all = (part: (n: number) => Element) =>
    joined(
      Array.from({ length: nSamples }, (_, n) => part(n)),
      '+',
    );
  return [
    line(
      sub('N', c),
      '=',
      sumOver('n'),
      sub('q', 'n', c),
      '=',
      all((n) => number(shares[n])),
      '=',
      result(number(mass)),
    ),
    weightLine(c, mass, nSamples, step.weights[k]),
    line(
      sub('μ', c),
      '=',
      fraction('1', sub('N', c)),
      sumOver('n'),
      sub('q', 'n', c),
      sub('x', 'n'),
      '=',
      fraction(
        all((n) => row(number(shares[n]), '·', number(data[n]))),
        number(mass),
      ),
      '=',
      result(number(mean, true)),
    ),
    line(
      subPower('σ', c, '2'),
      '=',
      fraction('1', sub('N', c)),
      sumOver('n'),
      sub('q', 'n', c),
      squared(row(sub('x', 'n'), '−', sub('μ', c))),
    ),
    // five squares are a line of their own
    line(
      subPower('σ', c, '2'),
      '=',
      fraction(
        all((n) => row(number(shares[n]), '·', squaredNumber(data[n] - mean))),
        number(mass),
      ),
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
  const share = sharesOf(step, k, lesson.nComponents)[sample];
  const mass = step.componentMass[k];
  const x = Array.from(data.subarray(2 * sample, 2 * sample + 2));
  const mean = Array.from(step.means.subarray(2 * k, 2 * k + 2));
  const covariance = Array.from(step.covariances.subarray(4 * k, 4 * k + 4));
  const part = (...inner: Piece[]) => row('(', '…', '+', ...inner, '+', '…', ')');
  const difference = column(x.map((value, d) => value - mean[d]));
  return [
    line(
      sub('N', c),
      '=',
      sumOver('n'),
      sub('q', 'n', c),
      '=',
      part(number(share)),
      '=',
      result(number(mass)),
    ),
    weightLine(c, mass, nSamples, step.weights[k]),
    line(
      sub('μ', c),
      '=',
      fraction('1', sub('N', c)),
      sumOver('n'),
      sub('q', 'n', c),
      sub('x', 'n'),
      '=',
      fraction('1', number(mass)),
      part(number(share), '·', column(x)),
      '=',
      result(column(mean)),
    ),
    line(
      sub('Σ', c),
      '=',
      fraction('1', sub('N', c)),
      sumOver('n'),
      sub('q', 'n', c),
      row('(', sub('x', 'n'), '−', sub('μ', c), ')'),
      power(row('(', sub('x', 'n'), '−', sub('μ', c), ')'), 'T'),
    ),
    line(
      sub('x', n),
      '−',
      sub('μ', c),
      '=',
      difference,
      ',',
      sub('Σ', c),
      '=',
      result(matrix(covariance)),
    ),
  ];
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
