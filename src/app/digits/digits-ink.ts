/**
 * Images as the page draws them: one canvas pixel a pixel, enlarged by the style sheet. A value from 0 to 1 goes from
 * the colour of the page to that of its text, so that digits are ink on paper, or light on dark at night.
 */
export type Rgb = readonly [red: number, green: number, blue: number]; // 0 to 255

/** The page's colours, as numbers for canvases. Read anew after light turned to dark. */
export interface Inks {
  paper: Rgb;
  ink: Rgb;
  /** What was filled in and not seen. */
  filled: Rgb;
}

export function readInks(): Inks {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => toRgb(style.getPropertyValue(name).trim());
  return { paper: colour('--surface'), ink: colour('--ink'), filled: colour('--accent') };
}

/** Draws rows x columns pixels; `colourOf` gives the colour of each. */
export function drawPixels(
  canvas: HTMLCanvasElement,
  rows: number,
  columns: number,
  colourOf: (pixel: number) => Rgb,
): void {
  if (canvas.width !== columns) canvas.width = columns;
  if (canvas.height !== rows) canvas.height = rows;
  const surface = canvas.getContext('2d');
  if (!surface) throw new Error('The browser gave no 2D canvas.');
  const image = surface.createImageData(columns, rows);
  for (let pixel = 0; pixel < rows * columns; pixel++) {
    const [red, green, blue] = colourOf(pixel);
    image.data.set([red, green, blue, 255], 4 * pixel);
  }
  surface.putImageData(image, 0, 0);
}

/** A ramp of 256 colours, so that a whole grid of images is drawn without mixing each pixel's. */
export function ramp(from: Rgb, to: Rgb): (value: number) => Rgb {
  const colours = Array.from({ length: 256 }, (_, i) => mix(from, to, i / 255));
  return (value) => colours[Math.round(value * 255)];
}

export function mix(from: Rgb, to: Rgb, amount: number): Rgb {
  const at = (i: 0 | 1 | 2) => Math.round(from[i] + (to[i] - from[i]) * amount);
  return [at(0), at(1), at(2)];
}

/** Any colour of CSS: the build shortens #ffffff to #fff, so the browser reads it. */
function toRgb(colour: string): Rgb {
  const surface = new OffscreenCanvas(1, 1).getContext('2d');
  if (!surface) throw new Error('The browser gave no 2D canvas.');
  surface.fillStyle = colour;
  surface.fillRect(0, 0, 1, 1);
  const [red, green, blue] = surface.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}
