/** Height of the line that it takes. */
export const LEGEND_HEIGHT = 26;
const LEFT = 14;
const RAMP_WIDTH = 110;

/** The page's legend in one line of a picture: as much of it as there is room for, "…" in the place of the rest. */
export function drawLegend(
  surface: CanvasRenderingContext2D,
  legend: HTMLElement,
  width: number,
  style: CSSStyleDeclaration,
): void {
  const [ink, font] = [style.getPropertyValue('--ink'), style.getPropertyValue('--font')];
  let x = LEFT;
  const write = (text: string, weight = 400) => {
    surface.fillStyle = ink;
    surface.font = `${weight} 13px ${font}`;
    surface.fillText(text, x, 14);
    x += surface.measureText(text).width + 6;
  };
  for (const part of legend.querySelectorAll<HTMLElement>('strong, li, .scale')) {
    const text = part.textContent ?? '';
    if (x > LEFT && x + 30 + surface.measureText(text).width > width - 2 * LEFT) {
      write('…');
      return;
    }
    const swatch = part.querySelector<HTMLElement>('.swatch');
    const ramp = part.querySelector<HTMLElement>('.ramp');
    if (swatch) {
      surface.fillStyle = getComputedStyle(swatch).backgroundColor;
      surface.beginPath();
      surface.arc(x + 5, 9.5, 5, 0, 2 * Math.PI);
      surface.fill();
      x += 15;
    }
    if (ramp) {
      const ends = Array.from(part.querySelectorAll('.ends span'), (end) => end.textContent ?? '');
      write(ends[0] ?? '');
      const colours = getComputedStyle(ramp).backgroundImage.match(/rgb\([^)]*\)/g) ?? [];
      const gradient = surface.createLinearGradient(x, 0, x + RAMP_WIDTH, 0);
      colours.forEach((colour, i) => gradient.addColorStop(i / (colours.length - 1), colour));
      surface.fillStyle = gradient;
      surface.fillRect(x, 5, RAMP_WIDTH, 10);
      x += RAMP_WIDTH + 6;
      write(ends.length > 1 ? ends.at(-1)! : '');
    } else write(text, part.tagName === 'STRONG' ? 600 : 400);
    x += 6;
  }
}
