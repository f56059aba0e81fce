import type { SampleStream } from '../data/sample-forms.ts';
import { MixtureError } from '../errors.ts';
import { readStart, type ByteSource } from './byte-source.ts';
import { MOST_NPY_HEADER, npyHeader } from './npy-header.ts';
import { isNumberType, rowsStream } from './rows-stream.ts';

/**
 * Samples of a NumPy file (.npy, format 1 to 3), N x D or N, in C order.
 * @throws MixtureError INVALID_SAMPLES for other shapes, orders and kinds of numbers; SOURCE_FAILED
 */
export async function npyStream(source: ByteSource, signal?: AbortSignal): Promise<SampleStream> {
  const wrong = (what: string, hint: string): MixtureError =>
    new MixtureError('INVALID_SAMPLES', `${source.name}: ${what}.`, hint, { source: source.name });
  const bytes = await readStart(source, MOST_NPY_HEADER, signal);
  const { descr, isFortran, shape, offset } = npyHeader(bytes, source.name);
  const type = descr.replace(/^[<|=]/, '');
  if (!isNumberType(type)) {
    throw wrong(
      `its numbers are ${descr}`,
      "Save it as float32: array.astype('<f4') (or <f8, |u1, |b1, <i4 and other integers to 32 bits).",
    );
  }
  if (shape.length !== 1 && shape.length !== 2) {
    throw wrong(`its array has ${shape.length} dimensions`, 'Save an array of N x D.');
  }
  const [nSamples, nFeatures = 1] = shape;
  if (isFortran && nFeatures > 1 && nSamples > 1) {
    throw wrong(
      'its array is in Fortran order, column by column',
      'Save it row by row: numpy.save(name, numpy.ascontiguousarray(array)).',
    );
  }
  return rowsStream(source, { type, offset, nSamples, nFeatures });
}
