import { encodingOfText, TELLING_BYTES } from './csv-text.ts';

/** Bytes of a UTF-8 file, or code units of a UTF-16 one. */
export type Units = Uint8Array | Uint16Array;

/** A CSV file in pieces of which a delimiter, a quote and a line end are whole ones, so that it can be cut without decoding. */
export interface CsvUnits {
  readonly units: Units;
  /** The first after the byte order mark. */
  readonly first: number;
  encode(text: string): Units;
  toBytes(parts: readonly Units[]): Uint8Array<ArrayBuffer>;
}

/** Cuts a file, whose encoding is found out as in `readCsv`. Bytes that are no text stay what they are. */
export function csvUnits(bytes: Uint8Array): CsvUnits {
  const [first, second, third] = bytes;
  const encoding = encodingOfText(bytes.subarray(0, TELLING_BYTES));
  if (encoding.startsWith('utf-16')) return utf16(bytes, encoding === 'utf-16le');
  const marked = first === 0xef && second === 0xbb && third === 0xbf;
  const encoder = new TextEncoder();
  const isSingle = encoding === 'windows-1252';
  return {
    units: bytes,
    first: marked ? 3 : 0,
    encode: isSingle ? (text) => Uint8Array.from(text, byteOf) : (text) => encoder.encode(text),
    toBytes: (parts) => join(parts, new Uint8Array(lengthOf(parts))),
  };
}

/** Every letter of a Windows-1252 file has a byte. */
const BYTES = new Map(
  Array.from(
    new TextDecoder('windows-1252').decode(Uint8Array.from({ length: 256 }, (_, i) => i)),
    (letter, byte) => [letter, byte],
  ),
);
const byteOf = (letter: string): number => BYTES.get(letter) ?? 63;

function utf16(bytes: Uint8Array, littleEndian: boolean): CsvUnits {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const units = Uint16Array.from({ length: bytes.length >> 1 }, (_, i) =>
    view.getUint16(2 * i, littleEndian),
  );
  return {
    units,
    first: 1,
    encode: (text) => Uint16Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)),
    toBytes(parts) {
      const all = join(parts, new Uint16Array(lengthOf(parts)));
      const out = new Uint8Array(2 * all.length);
      const target = new DataView(out.buffer);
      all.forEach((unit, i) => target.setUint16(2 * i, unit, littleEndian));
      return out;
    },
  };
}

const lengthOf = (parts: readonly Units[]): number =>
  parts.reduce((length, part) => length + part.length, 0);

function join<T extends Units>(parts: readonly Units[], out: T): T {
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
