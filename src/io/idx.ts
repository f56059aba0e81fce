import { MixtureError } from '../errors.ts';
import { gunzip } from './gzip.ts';

/** Images of 8 bits a pixel, one after another, each row by row. */
export interface IdxImages {
  /** Pixel (row r, column c) of image n is `images[(n * rows + r) * columns + c]`, 0 to 255. */
  readonly images: Uint8Array;
  readonly nImages: number;
  readonly rows: number;
  readonly columns: number;
}

/** The codes of the third byte: https://yann.lecun.com/exdb/mnist, "the IDX file format". */
const TYPES: Readonly<Record<number, { name: string; descr: string; bytes: number }>> = {
  0x08: { name: 'unsigned 8-bit', descr: '>u1', bytes: 1 },
  0x09: { name: 'signed 8-bit', descr: '>i1', bytes: 1 },
  0x0b: { name: '16-bit integer', descr: '>i2', bytes: 2 },
  0x0c: { name: '32-bit integer', descr: '>i4', bytes: 4 },
  0x0d: { name: '32-bit float', descr: '>f4', bytes: 4 },
  0x0e: { name: '64-bit float', descr: '>f8', bytes: 8 },
};
const U8 = 0x08;
const GET_IMAGES = 'Give the file of images, such as train-images-idx3-ubyte or its .gz.';
const GET_LABELS = 'Give the file of labels, such as train-labels-idx1-ubyte or its .gz.';
const COMPARE = 'Download or copy the file again; its size should be that of the original.';

/**
 * Reads the images of an IDX file, as MNIST and its relatives come, gzip-compressed or not (its first bytes tell).
 * The first dimension counts images, the second is `rows`, all others together are `columns`; a file of two
 * dimensions (N x D) gives images of one row.
 * @throws MixtureError INVALID_SAMPLES: not IDX, another type than unsigned 8-bit, labels instead of images, no
 * pixels, fewer or more bytes than the header says
 */
export async function readIdxImages(bytes: Uint8Array<ArrayBuffer>): Promise<IdxImages> {
  const { shape, values } = readIdx(await gunzip(bytes), GET_IMAGES);
  const [nImages, rows, ...rest] = shape;
  if (rows === undefined) {
    throw invalid(`The file holds ${nImages} labels (one dimension), not images.`, GET_IMAGES, {
      nLabels: nImages,
    });
  }
  const columns = rest.reduce((product, size) => product * size, 1);
  if (shape.length === 2) return checkPixels({ images: values, nImages, rows: 1, columns: rows });
  return checkPixels({ images: values, nImages, rows, columns });
}

/**
 * Reads the labels of an IDX file, gzip-compressed or not: one number from 0 to 255 an image.
 * @throws MixtureError INVALID_SAMPLES: not IDX, another type than unsigned 8-bit, images instead of labels, fewer or
 * more bytes than the header says
 */
export async function readIdxLabels(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const { shape, values } = readIdx(await gunzip(bytes), GET_LABELS);
  if (shape.length > 1) {
    throw invalid(`The file holds images of ${shape.join(' x ')}, not labels.`, GET_LABELS, {
      shape,
    });
  }
  return values;
}

/**
 * Reads whichever the file holds: images (two dimensions or more) or labels (one).
 * @throws MixtureError INVALID_SAMPLES, as `readIdxImages`
 */
export async function readIdxFile(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<{ images: IdxImages } | { labels: Uint8Array }> {
  const unpacked = await gunzip(bytes);
  const { shape } = readIdx(unpacked, GET_IMAGES);
  return shape.length === 1
    ? { labels: await readIdxLabels(unpacked) }
    : { images: await readIdxImages(unpacked) };
}

function readIdx(bytes: Uint8Array, hint: string): { shape: number[]; values: Uint8Array } {
  const { type, shape, bytes: values } = readIdxArray(bytes, hint);
  if (type === U8) return { shape, values };
  throw invalid(
    `The IDX file holds ${TYPES[type].name} numbers; only unsigned 8-bit pixels and labels are read.`,
    'Write the file anew with type 08: values from 0 to 255, one byte each.',
    { type },
  );
}

/** An array of numbers of any type, the last index first. */
export interface IdxArray {
  /** The third byte. */
  readonly type: number;
  /** Its numbers by NumPy's name. */
  readonly descr: string;
  readonly shape: number[];
  /** Of the numbers. */
  readonly bytes: Uint8Array;
}

/** Reads an IDX file of any type. @throws MixtureError INVALID_SAMPLES: not IDX, fewer or more bytes than the header says */
export function readIdxArray(bytes: Uint8Array, hint = GET_IMAGES): IdxArray {
  const [zero, alsoZero, type, rank] = bytes;
  if (bytes.length < 4 || zero !== 0 || alsoZero !== 0 || TYPES[type] === undefined || rank === 0) {
    const found = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0'));
    throw invalid(
      `The file is not IDX: it begins with ${found.join(' ') || 'nothing'} where IDX has 00 00 08 and the number of dimensions.`,
      hint,
      { magic: found.join(' ') },
    );
  }
  const header = 4 + 4 * rank;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < header) {
    throw invalid(
      `The IDX file ends within its header: ${bytes.length} bytes of ${header}.`,
      COMPARE,
      { bytes: bytes.length, expected: header },
    );
  }
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const expected = shape.reduce((product, size) => product * size, 1);
  const values = bytes.subarray(header);
  const { descr, bytes: bytesEach } = TYPES[type];
  const found = values.length / bytesEach;
  if (found !== expected) {
    throw invalid(
      `The IDX file says ${shape.join(' x ')} = ${expected} values and holds ${found}: it is ${found < expected ? 'cut off' : 'too long'}.`,
      COMPARE,
      { shape, expected, found },
    );
  }
  return { type, descr, shape, bytes: values };
}

function checkPixels(images: IdxImages): IdxImages {
  const { nImages, rows, columns } = images;
  if (nImages * rows * columns > 0) return images;
  throw invalid(`The file holds ${nImages} images of ${rows} x ${columns}: no pixel.`, GET_IMAGES, {
    nImages,
    rows,
    columns,
  });
}

function invalid(message: string, hint: string, details: Record<string, unknown>): MixtureError {
  return new MixtureError('INVALID_SAMPLES', message, hint, details);
}
