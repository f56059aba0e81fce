/**
 * Colours of components, words and numbers, for colour-blind eyes; what a colour says is always written as well. `choosePalette`
 * sets the palette for the whole page: ViewStore calls it, then everyone who draws is told.
 */
/** Palettes that the user may choose. */
export type PaletteName = 'petroff' | 'okabe-ito' | 'tol';

export type Colour = readonly [red: number, green: number, blue: number]; // 0 to 1, sRGB

interface Palette {
  readonly label: string;
  readonly colours: readonly number[];
  /** From dark to light, evenly spaced. */
  readonly sequence: readonly number[];
}

export const PALETTES: Readonly<Record<PaletteName, Palette>> = {
  // Petroff, "Accessible color sequences for data visualization" (arXiv:2107.02270); viridis of matplotlib
  petroff: {
    label: 'Petroff, viridis',
    colours: [
      0x3f90da, 0xffa90e, 0xbd1f01, 0x94a4a2, 0x832db6, 0xa96b59, 0xe76300, 0xb9ac70, 0x717581,
      0x92dadd,
    ],
    sequence: [
      0x440154, 0x482878, 0x3e4989, 0x31688e, 0x26828e, 0x1f9e89, 0x35b779, 0x6ece58, 0xb5de2b,
      0xfde725,
    ],
  },
  // Okabe and Ito, "Color universal design" (2008); cividis of Nunez, Anderton and Renslow (2018)
  'okabe-ito': {
    label: 'Okabe-Ito, cividis',
    colours: [0x0072b2, 0xe69f00, 0x009e73, 0xcc79a7, 0x56b4e9, 0xd55e00, 0xf0e442, 0x000000],
    sequence: [
      0x00224e, 0x123570, 0x3b496c, 0x575d6d, 0x707173, 0x8a8678, 0xa59c74, 0xc3b369, 0xe1cc55,
      0xfee838,
    ],
  },
  // Paul Tol, "Colour schemes" (SRON technical note, 2021): muted, and YlOrBr
  tol: {
    label: 'Tol, yellow to brown',
    colours: [
      0x332288, 0xcc6677, 0x117733, 0xddcc77, 0x88ccee, 0x882255, 0x44aa99, 0x999933, 0xaa4499,
    ],
    sequence: [
      0x662506, 0x993404, 0xcc4c02, 0xec7014, 0xfb9a29, 0xfec44f, 0xfee391, 0xfff7bc, 0xffffe5,
    ],
  },
};

const GOLDEN_ANGLE = 137.508;
const [BLACK, WHITE] = [0x000000, 0xffffff].map(fromHex);
/** --surface of page.css: what the samples lie on. */
const SURFACE = { light: WHITE, dark: fromHex(0x181c21) };
/** The ends of a sequence that would be lost on the page: on a light one the lightest part, on a dark one the darkest. */
const LOST = { light: 0.18, dark: 0.14 };
/** WCAG contrast with a light page below which a dot is darkened, and luminance on a dark one below which it is lifted. */
const LEAST = { contrast: 1.5, luminance: 0.16 };

let current: Palette = PALETTES.petroff;

/** From now on every colour is of this palette. */
export function choosePalette(name: PaletteName): void {
  current = PALETTES[name];
}

/** The colour of a component's samples, or of the n-th word. Those that would not show on the page are moved away from it. */
export function pointColour(component: number, dark: boolean): Colour {
  let colour = baseColour(component);
  if (dark) {
    while (luminance(colour) < LEAST.luminance) colour = mix(colour, WHITE, 0.3);
    return colour;
  }
  while (1.05 / (luminance(colour) + 0.05) < LEAST.contrast) colour = mix(colour, BLACK, 0.08);
  return colour;
}

/** The colour of a component's lines: the same hue, moved away from the page so that thin strokes show. */
export function lineColour(component: number, dark: boolean): Colour {
  return dark
    ? mix(pointColour(component, dark), WHITE, 0.25)
    : mix(baseColour(component), BLACK, 0.3);
}

/** The colour of a number from 0 to 1: the more, the further from the page. */
export function sequenceColour(value: number, dark: boolean): Colour {
  const { sequence } = current;
  const lightness = dark ? LOST.dark + (1 - LOST.dark) * value : (1 - LOST.light) * (1 - value);
  const at = Math.min(1, Math.max(0, lightness)) * (sequence.length - 1);
  const below = Math.min(Math.floor(at), sequence.length - 2);
  return mix(fromHex(sequence[below]), fromHex(sequence[below + 1]), at - below);
}

/** Of what has no colour of its own: samples without a component yet, missing entries, and words beyond the palette. */
export function neutralColour(of: 'unlabelled' | 'missing' | 'other', dark: boolean): Colour {
  const shade = { unlabelled: 0.5, missing: 0.25, other: 0.68 }[of];
  return mix(surface(dark), dark ? WHITE : BLACK, shade);
}

/** What is not highlighted: closer to the page, but still there. */
export function dimmed(colour: Colour, dark: boolean): Colour {
  return mix(colour, surface(dark), 0.76);
}

/** Black or white, whichever reads better on the colour. */
export function textColourOn(colour: Colour): string {
  // (where both have the contrast 4.58)
  return luminance(colour) > 0.179 ? '#000' : '#fff';
}

export function css([red, green, blue]: Colour): string {
  return `rgb(${Math.round(red * 255)} ${Math.round(green * 255)} ${Math.round(blue * 255)})`;
}

const surface = (dark: boolean): Colour => (dark ? SURFACE.dark : SURFACE.light);

/** Beyond the palette, hues go round by the golden angle. */
function baseColour(component: number): Colour {
  const hex = current.colours[component];
  return hex === undefined ? fromHue((component * GOLDEN_ANGLE) % 360) : fromHex(hex);
}

function fromHex(hex: number): Colour {
  return [(hex >> 16) / 255, ((hex >> 8) & 255) / 255, (hex & 255) / 255];
}

/** HSL at saturation 0.55 and lightness 0.52. */
function fromHue(hue: number): Colour {
  const channel = (offset: number) => {
    const k = (offset + hue / 30) % 12;
    return 0.52 - 0.55 * 0.48 * Math.max(-1, Math.min(k - 3, 9 - k, 1));
  };
  return [channel(0), channel(8), channel(4)];
}

function mix(from: Colour, to: Colour, amount: number): Colour {
  const at = (i: 0 | 1 | 2) => from[i] + (to[i] - from[i]) * amount;
  return [at(0), at(1), at(2)];
}

/** WCAG relative luminance. */
export function luminance([red, green, blue]: Colour): number {
  const linear = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}
