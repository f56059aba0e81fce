import { make } from './dom.ts';
import type { HalfStep } from './half-step.ts';
import {
  densityNumber,
  fraction,
  line,
  number,
  result,
  row,
  squaredNumber,
  sub,
  subPower,
  sumOver,
} from './mathml.ts';
import { rounded } from './numbers.ts';
import type { WalkState } from './walk.ts';

/** The E-step for one sample and component: the formula, its numbers, its result. */
export function expectationLines(state: WalkState, step: HalfStep): Element[] {
  const { lesson, sample, component: k, assignment } = state;
  const { nComponents, samples } = lesson;
  const [n, c] = [String(sample + 1), String(k + 1)];
  const terms = step.logTerms.subarray(sample * nComponents, (sample + 1) * nComponents);
  const highest = Math.max(...terms);
  const total = highest + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - highest), 0));
  const posterior = Math.exp(terms[k] - total);
  const flat = samples.nFeatures === 1;
  const lines = [
    line(
      sub('γ', 'n', 'k'),
      '=',
      fraction(
        row(sub('π', 'k'), density('k', flat)),
        row(sumOver('j'), sub('π', 'j'), density('j', flat)),
      ),
    ),
    ...(flat ? [densitiesLine(state, step, k)] : []),
    line(
      sub('γ', n, ',', c),
      '=',
      fraction(densityNumber(terms[k]), joined(Array.from(terms, densityNumber), '+')),
      '=',
      assignment === 'soft' ? result(number(posterior)) : number(posterior),
    ),
  ];
  if (assignment === 'soft') return [...lines, line(sub('q', 'n', 'k'), '←', sub('γ', 'n', 'k'))];
  const share = step.responsibilities[sample * nComponents + k];
  const hard = line(
    sub('q', 'n', 'k'),
    '←',
    '1',
    words(' for the largest '),
    sub('γ', 'n', 'k'),
    words(' of the sample, '),
    '0',
    words(' for the others'),
  );
  return [...lines, hard, line(sub('q', n, ',', c), '=', result(number(share)))];
}

/** The start: the density of the sample under the mixture. */
export function startLines({ lesson, sample }: WalkState, step: HalfStep): Element[] {
  const { nComponents, samples } = lesson;
  const flat = samples.nFeatures === 1;
  const n = String(sample + 1);
  const terms = step.logTerms.subarray(sample * nComponents, (sample + 1) * nComponents);
  const highest = Math.max(...terms);
  const total = highest + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - highest), 0));
  return [
    line(
      'p',
      '(',
      sub('x', 'n'),
      '|',
      'θ',
      ')',
      '=',
      sumOver('k'),
      sub('π', 'k'),
      density('k', flat),
    ),
    line(
      'p',
      '(',
      sub('x', n),
      '|',
      'θ',
      ')',
      '=',
      joined(Array.from(terms, densityNumber), '+'),
      '=',
      result(densityNumber(total)),
    ),
    line(sub('q', 'n', 'k'), '=', fraction('1', 'K'), '=', result(number(1 / nComponents))),
  ];
}

function words(text: string): HTMLElement {
  return make('span', {}, text);
}

/** N(x_n | mu_k, sigma_k^2) */
function density(index: string, flat: boolean): Element {
  return row(
    '𝒩',
    '(',
    sub('x', 'n'),
    '|',
    sub('μ', index),
    ',',
    flat ? subPower('σ', index, '2') : sub('Σ', index),
    ')',
  );
}

/** pi_k N(4 | 6, 1^2) with its value, for the worked example. */
function densitiesLine({ lesson, sample }: WalkState, step: HalfStep, k: number): Element {
  const x = lesson.samples.data[sample];
  return line(
    sub('π', String(k + 1)),
    '𝒩',
    '(',
    number(x, true),
    '|',
    number(rounded(step.means[k]), true),
    ',',
    squaredNumber(Math.sqrt(step.covariances[k])),
    ')',
    '=',
    number(step.weights[k]),
    '·',
    densityNumber(step.logTerms[sample * lesson.nComponents + k] - Math.log(step.weights[k])),
    '=',
    densityNumber(step.logTerms[sample * lesson.nComponents + k]),
  );
}

function joined(parts: readonly Element[], sign: string): Element {
  return row(...parts.flatMap((part, i) => (i === 0 ? [part] : [sign, part])));
}
