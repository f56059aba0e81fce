import { MixtureError } from '../errors.ts';

/** A header has some hundred bytes. */
export const MOST_NPY_HEADER = 65536;

/** What a NumPy file (.npy, format 1 to 3) says of its array. */
export interface NpyHeader {
  /** The kind of its numbers by NumPy's name with the byte order, such as '<f8'. */
  readonly descr: string;
  /** Column by column. */
  readonly isFortran: boolean;
  readonly shape: readonly number[];
  /** Bytes before the first number. */
  readonly offset: number;
}

/** @throws MixtureError INVALID_SAMPLES */
export function npyHeader(bytes: Uint8Array, name: string): NpyHeader {
  const wrong = (what: string, hint: string): MixtureError =>
    new MixtureError('INVALID_SAMPLES', `${name}: ${what}.`, hint, { source: name });
  if (bytes.length <= 12 || !isNpy(bytes)) {
    throw wrong('the file is no .npy file', 'Write it with numpy.save.');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [lengthBytes, length] =
    bytes[6] === 1 ? [2, view.getUint16(8, true)] : [4, view.getUint32(8, true)];
  const offset = 8 + lengthBytes + length;
  const header = new TextDecoder('latin1').decode(bytes.subarray(8 + lengthBytes, offset));
  if (/'descr':\s*\[/.test(header)) {
    throw wrong(
      'its rows have fields of several kinds (a structured array)',
      'Save plain numbers: numpy.lib.recfunctions.structured_to_unstructured(array), or its fields by numpy.savez.',
    );
  }
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const shape = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (descr === undefined || order === undefined || shape === undefined) {
    throw wrong('its header cannot be read', 'Write it with numpy.save, one array of numbers.');
  }
  const lengths = shape.split(',').filter((text) => text.trim() !== '');
  return { descr, isFortran: order === 'True', shape: lengths.map(Number), offset };
}

/** Whether bytes begin with \x93NUMPY. */
export function isNpy(bytes: Uint8Array): boolean {
  return [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59].every((byte, i) => bytes[i] === byte);
}
