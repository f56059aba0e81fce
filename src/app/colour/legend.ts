import type { Colouring } from '../plot/colouring.ts';
import { count, quantity, resolved } from '../shared/format.ts';
import { css, neutralColour, sequenceColour } from '../shared/palette.ts';
import type { Colour } from '../shared/palette.ts';
import { columnScale } from './column-scale.ts';
import type { ColumnScale } from './column-scale.ts';
import { colourTable } from './colour-table.ts';

/** Swatches of a legend; more components than these are numbered in the picture anyway. */
const MOST_SWATCHES = 16;
/** Colours along a bar. */
const STOPS = 12;

export interface LegendPicture {
  readonly colouring: Colouring;
  readonly nComponents: number;
  readonly density: boolean;
  readonly dark: boolean;
}

/** What the colours mean, in words and numbers; its first part is the title. */
export function legendParts({ colouring, ...picture }: LegendPicture): HTMLElement[] {
  const { nComponents, density, dark } = picture;
  const scale = colouring.by === 'column' ? columnScale(colouring.column) : undefined;
  const parts = [text('strong', titleOf(colouring))];
  if (colouring.by === 'component' || scale?.kind === 'words') {
    const { entries } = colourTable(colouring, nComponents, dark);
    parts.push(swatches(entries, wordsOf(scale, nComponents), dark, scale?.nMissing ?? 0));
  } else {
    parts.push(bar(endsOf(scale), dark));
    if (scale && scale.nMissing > 0) parts.push(swatches([], [], dark, scale.nMissing));
  }
  if (density) parts.push(text('span', 'The fainter, the fewer samples (logarithmic).'));
  return parts;
}

function titleOf(colouring: Colouring): string {
  switch (colouring.by) {
    case 'component':
      return 'Most likely component';
    case 'responsibility':
      return `Responsibility of component ${colouring.component}`;
    case 'entropy':
      return 'Uncertainty';
    case 'column':
      return colouring.column.name;
  }
}

/** One a swatch. */
function wordsOf(scale: ColumnScale | undefined, nComponents: number): string[] {
  if (scale?.kind !== 'words') return Array.from({ length: nComponents }, (_, k) => String(k));
  const { words, nOthers } = scale;
  if (nOthers === 0) return [...words];
  return [...words, `${count(nOthers)} others`];
}

/** What stands at a bar's beginning, middle and end. */
function endsOf(scale: ColumnScale | undefined): string[] {
  if (scale?.kind !== 'numbers') return ['0', '0.5', '1'];
  const { low, high } = scale;
  return low === high
    ? [quantity(low)]
    : [low, (low + high) / 2, high].map((value) => resolved(value, high - low));
}

function swatches(
  colours: readonly Colour[],
  words: readonly string[],
  dark: boolean,
  nMissing: number,
): HTMLElement {
  const list = document.createElement('ul');
  words.slice(0, MOST_SWATCHES).forEach((word, i) => list.append(swatch(colours[i], word)));
  if (words.length > MOST_SWATCHES) {
    list.append(text('li', `and ${words.length - MOST_SWATCHES} more`));
  }
  if (nMissing > 0)
    list.append(swatch(neutralColour('missing', dark), `${count(nMissing)} missing`));
  return list;
}

function swatch(colour: Colour, word: string): HTMLElement {
  const item = document.createElement('li');
  const dot = document.createElement('span');
  dot.className = 'swatch';
  dot.style.background = css(colour);
  item.append(dot, word);
  return item;
}

function bar(ends: readonly string[], dark: boolean): HTMLElement {
  const scale = document.createElement('div');
  scale.className = 'scale';
  const colours = Array.from({ length: STOPS }, (_, i) =>
    css(sequenceColour(i / (STOPS - 1), dark)),
  );
  const ramp = document.createElement('div');
  ramp.className = 'ramp';
  ramp.style.background = `linear-gradient(to right, ${colours.join(', ')})`;
  const labels = document.createElement('div');
  labels.className = 'ends';
  labels.append(...ends.map((end) => text('span', end)));
  scale.append(ramp, labels);
  return scale;
}

function text(tag: 'strong' | 'span' | 'li', content: string): HTMLElement {
  const part = document.createElement(tag);
  part.textContent = content;
  return part;
}
