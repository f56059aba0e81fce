/**
 * Colours of the components. The first ten are Petroff's sequence (arXiv:2107.02270), chosen so that they stay
 * apart for colour-blind eyes; beyond them hues go round by the golden angle. The component's number, written at
 * its mean, says the same without colour.
 */
/** Palettes that the user may choose. */
export type PaletteName = 'petroff' | 'okabe-ito' | 'tol';

export type Colour = readonly [red: number, green: number, blue: number]; // 0 to 1, sRGB

const PETROFF = [
  0x3f90da, 0xffa90e, 0xbd1f01, 0x94a4a2, 0x832db6, 0xa96b59, 0xe76300, 0xb9ac70, 0x717581,
  0x92dadd,
];
const GOLDEN_ANGLE = 137.508;

/** The colour of a component's samples. On a dark page the darkest colours are lifted so that they can be seen. */
export function pointColour(component: number, dark: boolean): Colour {
  const colour = baseColour(component);
  return dark && luminance(colour) < 0.16 ? mix(colour, [1, 1, 1], 0.3) : colour;
}

/** The colour of a component's lines: the same hue, moved away from the page so that thin strokes show. */
export function lineColour(component: number, dark: boolean): Colour {
  return dark
    ? mix(pointColour(component, dark), [1, 1, 1], 0.25)
    : mix(baseColour(component), [0, 0, 0], 0.3);
}

/** Black or white, whichever reads better on the colour. */
export function textColourOn(colour: Colour): string {
  return luminance(colour) > 0.2 ? '#000' : '#fff';
}

export function css([red, green, blue]: Colour): string {
  return `rgb(${Math.round(red * 255)} ${Math.round(green * 255)} ${Math.round(blue * 255)})`;
}

function baseColour(component: number): Colour {
  const hex = PETROFF[component];
  if (hex === undefined) return fromHue((component * GOLDEN_ANGLE) % 360);
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
function luminance([red, green, blue]: Colour): number {
  const linear = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}
