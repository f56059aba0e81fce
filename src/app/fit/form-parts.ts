/** Elements of the forms that this folder builds. */

/** An element with attributes (`class`, `aria-label`, ...) and what is in it. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** A label over its field, with scikit-learn's name of it in the title. */
export function field(
  text: string,
  title: string,
  input: HTMLElement,
  attributes: Readonly<Record<string, string>> = {},
): HTMLLabelElement {
  return make('label', { title, ...attributes }, text, input);
}

/** An icon drawn in a square of 16; hidden from those who hear the button's name. */
export function icon(path: string): SVGSVGElement {
  const namespace = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(namespace, 'svg');
  for (const [name, value] of Object.entries({
    viewBox: '0 0 16 16',
    width: '16',
    height: '16',
    'aria-hidden': 'true',
    focusable: 'false',
    class: 'icon',
  })) {
    svg.setAttribute(name, value);
  }
  const shape = document.createElementNS(namespace, 'path');
  shape.setAttribute('d', path);
  svg.append(shape);
  return svg;
}
