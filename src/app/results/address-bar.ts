import { decodeState, encodeState } from './address.ts';
import type { PageState } from './address.ts';

export interface AddressParts {
  /** What the page shows, and what it would show by itself with these data; undefined before there is anything to say. */
  readState(): { readonly state: PageState; readonly usual: PageState } | undefined;
  /** The address was changed by hand, or by a link on this page. */
  applyState(state: PageState): void;
  /** Sentences on what the address says and cannot be used. */
  onProblems(problems: readonly string[]): void;
}

/** Milliseconds between two changes: browsers refuse more than about three a second. */
const INTERVAL = 500;

/** Keeps the page's settings in the address, after "#", and takes them from there. */
export class AddressBar {
  readonly #parts: AddressParts;
  #isDue = false;

  constructor(parts: AddressParts) {
    this.#parts = parts;
    window.addEventListener('hashchange', () => {
      // (a place on the page, such as where "Skip to the content" leads, is no link to a view)
      if (location.hash.length > 1 && !location.hash.includes('=')) return;
      parts.applyState(this.read());
    });
  }

  /** What the address says now. */
  read(): PageState {
    const { state, problems } = decodeState(location.hash);
    if (problems.length > 0) this.#parts.onProblems(problems);
    return state;
  }

  /** Something that the address says may have changed: it follows within half a second. */
  changed(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setTimeout(() => {
      this.#isDue = false;
      const link = this.link;
      if (link !== location.href) history.replaceState(history.state, '', link);
    }, INTERVAL);
  }

  /** The page as it is now. */
  get link(): string {
    const said = this.#parts.readState();
    const { href, hash } = location;
    if (!said) return href;
    const plain = href.slice(0, href.length - hash.length).replace(/#$/, '');
    const text = encodeState(said.state, said.usual);
    return text === '' ? plain : `${plain}#${text}`;
  }
}
