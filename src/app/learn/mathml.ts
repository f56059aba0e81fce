import { make } from './dom.ts';
import { brief, fromLog } from './numbers.ts';

const MATHML = 'http://www.w3.org/1998/Math/MathML';
export type Piece = Element | string;

/** A MathML element. Strings among the children become <mi>, <mn> or <mo> by what they are. */
export function math(
  name: string,
  children: readonly Piece[] = [],
  attributes: Readonly<Record<string, string>> = {},
): Element {
  const made = document.createElementNS(MATHML, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.map(piece));
  return made;
}

/** Text as it stands, in a token element. */
function token(
  name: string,
  text: string,
  attributes: Readonly<Record<string, string>> = {},
): Element {
  const made = document.createElementNS(MATHML, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

function piece(given: Piece): Element {
  if (typeof given !== 'string') return given;
  if (/^[−\d]/.test(given) && /\d/.test(given)) return token('mn', given);
  if (/^\p{L}+$/u.test(given)) return token('mi', given);
  return token('mo', given);
}

export function row(...children: Piece[]): Element {
  return math('mrow', children);
}

export function sub(base: Piece, ...index: string[]): Element {
  return math('msub', [base, row(...index)]);
}

export function power(base: Piece, exponent: string): Element {
  return math('msup', [base, exponent]);
}

/** base_index^exponent */
export function subPower(base: Piece, index: string, exponent: string): Element {
  return math('msubsup', [base, index, exponent]);
}

export function fraction(over: Piece, under: Piece): Element {
  return math('mfrac', [over, under]);
}

export function sumOver(index: string): Element {
  return math('munder', [token('mo', '∑', { movablelimits: 'false' }), index]);
}

/** A number, in parentheses where a minus would meet another sign. */
export function number(value: number, bare = false): Element {
  const text = brief(value);
  const scientific = /^(−?[\d.]+)e(−?\+?\d+)$/.exec(text);
  const written = scientific
    ? row(scientific[1], '×', power('10', scientific[2].replace('+', '')))
    : row(text);
  return bare || value >= 0 ? written : row('(', written, ')');
}

/** The square of a number, in parentheses where the exponent would be taken for that of a power of ten or of a minus. */
export function squaredNumber(value: number): Element {
  const text = brief(value);
  const base = /[−e]/.test(text) ? row('(', number(value, true), ')') : row(text);
  return power(base, '2');
}

/** exp(logValue), however small. */
export function densityNumber(logValue: number): Element {
  const { mantissa, power: exponent } = fromLog(logValue);
  return exponent === undefined
    ? row(mantissa)
    : row(mantissa, '×', power('10', String(exponent).replace('-', '−')));
}

export function column(values: readonly number[]): Element {
  const cells = values.map((value) => math('mtr', [math('mtd', [number(value, true)])]));
  return row('(', math('mtable', cells), ')');
}

/** Before these a derivation may go on in a new line. */
const BREAKS: ReadonlySet<string> = new Set(['=', '+', '←']);

/**
 * A derivation: one formula, or several in a row where it may be broken, since MathML breaks none. What is nested in a row or
 * fraction stays whole; an HTML element stands between the formulas as it is.
 */
export function line(...children: (Piece | HTMLElement)[]): Element {
  const parts: Element[] = [];
  let formula: Piece[] = [];
  const close = () => {
    if (formula.length > 0) parts.push(math('math', [row(...formula)], { displaystyle: 'true' }));
    formula = [];
  };
  for (const child of children) {
    if (child instanceof HTMLElement) {
      close();
      parts.push(child);
    } else if (typeof child === 'string' && BREAKS.has(child)) {
      close();
      // (the first of a formula would be taken for a sign)
      formula.push(token('mo', child, { form: 'infix' }));
    } else {
      formula.push(child);
    }
  }
  close();
  return make('p', { class: 'derivation' }, ...parts.flatMap((part) => [part, make('wbr')]));
}

/** A parenthesis of the height of a line, whatever stands beside it. */
export function low(parenthesis: '(' | ')'): Element {
  return token('mo', parenthesis, { stretchy: 'false' });
}

/** The result of a line, which the style sheet makes stand out. */
export function result(value: Piece): Element {
  return math('mrow', [value], { class: 'result' });
}
