const [TAB, LF, CR, SPACE, QUOTE] = [9, 10, 13, 32, 34];

/** Makes of every run of spaces and tabs between cells one tab, line by line: columns that are aligned by spaces become a TSV file. */
export class SpacesToTabs {
  #isQuoted = false;
  #isGap = false;
  #isStart = true;

  /** The next bytes of the file. */
  take(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    // (a gap that the last bytes ended with may become a tab here)
    const out = new Uint8Array(bytes.length + 1);
    let length = 0;
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i];
      if (this.#isQuoted) {
        this.#isQuoted = byte !== QUOTE;
      } else if (byte === SPACE || byte === TAB) {
        this.#isGap = true;
        continue;
      } else if (byte === LF || byte === CR) {
        this.#isStart = true;
        this.#isGap = false;
      } else {
        const isCell = this.#isStart || this.#isGap;
        if (this.#isGap && !this.#isStart) out[length++] = TAB;
        this.#isQuoted = byte === QUOTE && isCell;
        this.#isStart = false;
        this.#isGap = false;
      }
      out[length++] = byte;
    }
    return out.subarray(0, length);
  }

  static of(text: string): string {
    return new TextDecoder().decode(new SpacesToTabs().take(new TextEncoder().encode(text)));
  }
}
