/** The element of that id, of the class that the caller relies on; the page's HTML and its scripts must agree. */
export function element<T extends Element>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`The page has no ${type.name} with id "${id}".`);
  return found;
}

/** Sets the text only where it differs, so that unchanged numbers cause no layout. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}
