import type { SampleStream } from '../data/sample-forms.ts';
import { MixtureError } from '../errors.ts';
import { readStart, type ByteSource } from './byte-source.ts';
import { isNumberType, rowsStream } from './rows-stream.ts';

/** A header has some hundred bytes. */
const MOST_HEADER = 65536;

/**
 * Samples of a NumPy file (.npy, format 1 to 3), N x D or N, in C order.
 * @throws MixtureError INVALID_SAMPLES for other shapes, orders and kinds of numbers; SOURCE_FAILED
 */
export async function npyStream(source: ByteSource, signal?: AbortSignal): Promise<SampleStream> {
  const bytes = await readStart(source, MOST_HEADER, signal);
  const wrong = (what: string, hint: string): MixtureError =>
    new MixtureError('INVALID_SAMPLES', `${source.name}: ${what}.`, hint, { source: source.name });
  const magic = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59); // \x93NUMPY
  const isNumpy = bytes.length > 12 && magic.every((byte, i) => bytes[i] === byte);
  if (!isNumpy) throw wrong('the file is no .npy file', 'Write it with numpy.save.');
  const view = new DataView(bytes.buffer);
  const [lengthBytes, length] =
    bytes[6] === 1 ? [2, view.getUint16(8, true)] : [4, view.getUint32(8, true)];
  const offset = 8 + lengthBytes + length;
  const header = new TextDecoder('latin1').decode(bytes.subarray(8 + lengthBytes, offset));
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const shape = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (descr === undefined || order === undefined || shape === undefined) {
    throw wrong('its header cannot be read', 'Write it with numpy.save, one array of numbers.');
  }
  const type = descr.replace(/^[<|=]/, '');
  if (!isNumberType(type)) {
    throw wrong(
      `its numbers are ${descr}`,
      "Save it as float32: array.astype('<f4') (or <f8, |u1, |b1, <i4 and other integers to 32 bits).",
    );
  }
  const lengths = shape
    .split(',')
    .filter((text) => text.trim() !== '')
    .map(Number);
  if (lengths.length !== 1 && lengths.length !== 2) {
    throw wrong(`its array has ${lengths.length} dimensions`, 'Save an array of N x D.');
  }
  const [nSamples, nFeatures = 1] = lengths;
  if (order === 'True' && nFeatures > 1 && nSamples > 1) {
    throw wrong(
      'its array is in Fortran order, column by column',
      'Save it row by row: numpy.save(name, numpy.ascontiguousarray(array)).',
    );
  }
  return rowsStream(source, { type, offset, nSamples, nFeatures });
}
