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
const TYPES: Readonly<Record<number, string>> = {
  0x08: 'unsigned 8-bit',
  0x09: 'signed 8-bit',
  0x0b: '16-bit integer',
  0x0c: '32-bit integer',
  0x0d: '32-bit float',
  0x0e: '64-bit float',
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
  const [zero, alsoZero, type, rank] = bytes;
  if (bytes.length < 4 || zero !== 0 || alsoZero !== 0 || TYPES[type] === undefined || rank === 0) {
    const found = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0'));
    throw invalid(
      `The file is not IDX: it begins with ${found.join(' ') || 'nothing'} where IDX has 00 00 08 and the number of dimensions.`,
      hint,
      { magic: found.join(' ') },
    );
  }
  if (type !== U8) {
    throw invalid(
      `The IDX file holds ${TYPES[type]} numbers; only unsigned 8-bit pixels and labels are read.`,
      'Write the file anew with type 08: values from 0 to 255, one byte each.',
      { type },
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
  if (values.length !== expected) {
    throw invalid(
      `The IDX file says ${shape.join(' x ')} = ${expected} values and holds ${values.length}: it is ${values.length < expected ? 'cut off' : 'too long'}.`,
      COMPARE,
      { shape, expected, found: values.length },
    );
  }
  return { shape, values };
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
