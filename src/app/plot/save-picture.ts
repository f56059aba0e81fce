import { MixtureError } from '../../index.ts';
import { drawnSize, textScale } from '../shared/text-scale.ts';
import { MARGIN } from './plot-map.ts';
import { drawLegend, LEGEND_HEIGHT } from './save-legend.ts';

const CAPTION_HEIGHT = 34;
/** Of an element's style, what is seen of an SVG's. */
const SEEN = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity',
  'display',
  'visibility',
  'font-family',
  'font-size',
  'font-weight',
  'font-variant-numeric',
  'text-anchor',
  'shape-rendering',
] as const;

/**
 * The plot as it is seen, a PNG in device pixels: samples, axes and ellipses on the page's surface, with a caption.
 * Colours that the components' numbers do not explain have their legend below.
 * The canvas of the samples is read before anything is waited for.
 * @throws MixtureError INVALID_OPTION where the browser cannot hold a picture of that size
 */
export async function pngOf(
  plot: HTMLElement,
  samples: HTMLCanvasElement,
  overlay: SVGSVGElement,
  caption: string,
  legend: HTMLElement | undefined,
): Promise<Blob> {
  const ratio = (window.devicePixelRatio || 1) * textScale();
  const { width, height } = drawnSize(plot);
  const area = drawnSize(samples);
  const canvas = document.createElement('canvas');
  const whole = height + CAPTION_HEIGHT + (legend ? LEGEND_HEIGHT : 0);
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(whole * ratio);
  const surface = canvas.getContext('2d');
  if (!surface) throw tooLarge(canvas);
  const style = getComputedStyle(plot);
  surface.scale(ratio, ratio);
  surface.fillStyle = style.getPropertyValue('--surface');
  surface.fillRect(0, 0, width, whole);
  surface.translate(0, CAPTION_HEIGHT);
  surface.drawImage(samples, MARGIN.left, MARGIN.top, area.width, area.height);
  surface.drawImage(await imageOf(overlay, width, height, ratio), 0, 0, width, height);
  surface.translate(0, -CAPTION_HEIGHT);
  surface.fillStyle = style.getPropertyValue('--ink');
  surface.font = `600 15px ${style.getPropertyValue('--font')}`;
  surface.fillText(caption, 14, 23, width - 28);
  surface.translate(0, CAPTION_HEIGHT + height);
  if (legend) drawLegend(surface, legend, width, style);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw tooLarge(canvas);
  return blob;
}

/** An SVG that stands alone: its styles written into it, as an image knows no style sheet. */
async function imageOf(
  overlay: SVGSVGElement,
  width: number,
  height: number,
  ratio: number,
): Promise<HTMLImageElement> {
  const copy = overlay.cloneNode(true) as SVGSVGElement;
  const originals = overlay.querySelectorAll('*');
  copy.querySelectorAll('*').forEach((element, i) => {
    const style = getComputedStyle(originals[i]);
    const seen = SEEN.map((name) => `${name}:${style.getPropertyValue(name)}`);
    element.setAttribute('style', seen.join(';'));
  });
  // (handles are for hands)
  copy.querySelector('.handles')?.remove();
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width * ratio));
  copy.setAttribute('height', String(height * ratio));
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await image.decode();
  return image;
}

function tooLarge({ width, height }: HTMLCanvasElement): MixtureError {
  return new MixtureError(
    'INVALID_OPTION',
    `The browser cannot make a picture of ${width} x ${height} pixels.`,
    'Make the window smaller.',
  );
}
