/** The element of that id, of the class that the caller relies on; index.html and the scripts must agree. */
export function element<T extends Element>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`index.html has no ${type.name} with id "${id}".`);
  return found;
}

/** Sets the text only where it differs, so that unchanged numbers cause no layout. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}
