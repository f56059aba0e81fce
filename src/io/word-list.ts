import { isMissing } from './csv-cell.ts';
import { MOST_WORDS } from './csv-column.ts';

/** Windows-1252, which TextDecoder calls latin1, gives 27 bytes of 0x80 to 0x9f other code points than Latin-1. */
const BYTES = new Map<number, number>();
for (let byte = 0x80; byte < 0xa0; byte++) {
  BYTES.set(new TextDecoder('latin1').decode(Uint8Array.of(byte)).charCodeAt(0), byte);
}

/** The different words of a column, in the order of their appearance. */
export class WordList {
  readonly #words: string[] = [];
  /** By the cells as they stand in the file; several may be one word with other spaces. */
  readonly #positions = new Map<string, number>();
  readonly #byWord = new Map<string, number>();

  /** The words; of a column of more than 65,536 no more are kept. */
  get words(): readonly string[] {
    return this.#words;
  }

  /** Whether there were more words than are kept: such a column is free text. */
  isFull = false;

  /**
   * The position of a cell's word; -1 where it is missing, -2 where no more are kept.
   * @param cell UTF-8 bytes read as Latin-1
   */
  position(cell: string): number {
    return this.#positions.get(cell) ?? this.#add(cell);
  }

  #add(cell: string): number {
    if (this.#positions.size >= MOST_WORDS) {
      this.isFull = true;
      return isMissing(cell) ? -1 : -2;
    }
    const word = WordList.textOf(cell).trim();
    let position = isMissing(word) ? -1 : this.#byWord.get(word);
    if (position === undefined) {
      position = this.#words.push(word) - 1;
      this.#byWord.set(word, position);
    }
    // (a slice would keep the whole text that it is cut from)
    this.#positions.set(Array.from(cell).join(''), position);
    return position;
  }

  static textOf(latin: string): string {
    const bytes = Uint8Array.from(latin, (character) => {
      const code = character.charCodeAt(0);
      return BYTES.get(code) ?? code;
    });
    return new TextDecoder().decode(bytes);
  }
}
