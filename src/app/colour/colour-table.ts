import type { Colouring } from '../plot/colouring.ts';
import { dimmed, neutralColour, pointColour, sequenceColour } from '../shared/palette.ts';
import type { Colour } from '../shared/palette.ts';
import { columnScale } from './column-scale.ts';

/** Steps of a scale of numbers. */
const STEPS = 256;

/** How what is known of a sample becomes a colour: an entry of a table of colours. */
export interface ColourTable {
  /**
   * `slots`: what is known is the entry's number. `shares`: a number from 0 to 1, spread over the entries. `nothing`: all samples
   * have one colour.
   */
  readonly by: 'nothing' | 'slots' | 'shares';
  /** Of samples of which nothing is known (a missing entry, no component yet). */
  readonly none: Colour;
  readonly entries: readonly Colour[];
}

/** Before there is a mixture. */
export function plainTable(dark: boolean): ColourTable {
  return { by: 'nothing', none: neutralColour('unlabelled', dark), entries: [] };
}

/** The colours of a colouring in the present palette. */
export function colourTable(colouring: Colouring, nComponents: number, dark: boolean): ColourTable {
  const none = neutralColour('missing', dark);
  const sequence = (): ColourTable => ({ by: 'shares', none, entries: sequenceColours(dark) });
  switch (colouring.by) {
    case 'component':
      return { by: 'slots', none, entries: wordColours(nComponents, dark) };
    case 'responsibility':
    case 'entropy':
      return sequence();
    case 'column': {
      const scale = columnScale(colouring.column);
      if (scale.kind === 'numbers') return sequence();
      const entries = [...wordColours(scale.words.length, dark), neutralColour('other', dark)];
      return { by: 'slots', none, entries };
    }
  }
}

/** The colours of numbers, from 0 to 1. */
export function sequenceColours(dark: boolean): Colour[] {
  return Array.from({ length: STEPS }, (_, i) => sequenceColour(i / (STEPS - 1), dark));
}

/**
 * The table as shaders and loops read it: `none`, then the entries, then all of them again, dimmed; a colour a word, a byte a
 * channel from red up.
 */
export function packTable({ none, entries }: ColourTable, dark: boolean): Uint32Array<ArrayBuffer> {
  const plain = [none, ...entries];
  return Uint32Array.from([...plain, ...plain.map((colour) => dimmed(colour, dark))], pack);
}

/** Which entry of a packed table is a sample's. @param value its slot or share; below 0 where it has none */
export function tableEntry({ by, entries }: ColourTable, value: number): number {
  if (by === 'nothing' || !(value >= 0)) return 0;
  const entry = by === 'slots' ? value : Math.round(value * (entries.length - 1));
  return 1 + Math.min(entry, entries.length - 1);
}

function pack([red, green, blue]: Colour): number {
  const byte = (channel: number) => Math.round(channel * 255);
  return byte(red) | (byte(green) << 8) | (byte(blue) << 16);
}

const wordColours = (count: number, dark: boolean): Colour[] =>
  Array.from({ length: count }, (_, i) => pointColour(i, dark));
