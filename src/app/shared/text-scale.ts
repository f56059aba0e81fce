/**
 * Pictures are drawn in sixteenths of the page's text size, 1 CSS pixel each where that is 16: so they grow with the text, as the
 * style sheets' rem do, on a large screen and for who asks the browser for larger letters.
 */
export function textScale(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1;
}

/** An element's size in the units that its picture is drawn in. */
export function drawnSize({ clientWidth, clientHeight }: Element): {
  width: number;
  height: number;
} {
  const scale = textScale();
  return { width: clientWidth / scale, height: clientHeight / scale };
}

/** Where a pointer is in an element, in the same units from its corner. */
export function placeIn(
  element: Element,
  { clientX, clientY }: { readonly clientX: number; readonly clientY: number },
): { x: number; y: number } {
  const { left, top } = element.getBoundingClientRect();
  const scale = textScale();
  return { x: (clientX - left) / scale, y: (clientY - top) / scale };
}
