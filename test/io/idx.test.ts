import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { array, assert, asyncProperty, integer, property, tuple, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MixtureError } from '../../src/errors.ts';
import { binarise } from '../../src/io/binarise.ts';
import { gunzip } from '../../src/io/gzip.ts';
import { readIdxFile, readIdxImages, readIdxLabels } from '../../src/io/idx.ts';
import { idx } from '../setup/idx-bytes.ts';
import { sameCases } from '../support/seeded.ts';

sameCases();

const IMAGES = idx([2, 2, 3], [0, 1, 2, 3, 4, 5, 127, 128, 129, 253, 254, 255]);
const LABELS = idx([3], [7, 0, 9]);

async function failure(work: Promise<unknown>): Promise<MixtureError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof MixtureError) return error;
  throw new Error(`no MixtureError but ${String(error)}`);
}

function zipped(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(bytes));
}

describe('images', () => {
  it.each([
    ['as they are', IMAGES],
    ['gzip-compressed', zipped(IMAGES)],
    ['compressed in a part of a larger buffer', within(zipped(IMAGES))],
    ['plain in a part of a larger buffer', within(IMAGES)],
  ])('are read %s', async (_, bytes) => {
    const { images, ...shape } = await readIdxImages(bytes);
    expect(shape).toEqual({ nImages: 2, rows: 2, columns: 3 });
    expect([...images]).toEqual([0, 1, 2, 3, 4, 5, 127, 128, 129, 253, 254, 255]);
  });

  it('of any number of dimensions from two on are N x rows x columns', async () => {
    const shapeOf = async (...shape: number[]) => {
      const size = shape.reduce((product, length) => product * length, 1);
      const { nImages, rows, columns } = await readIdxImages(idx(shape, new Uint8Array(size)));
      return [nImages, rows, columns];
    };
    expect(await shapeOf(5, 6)).toEqual([5, 1, 6]);
    expect(await shapeOf(5, 6, 7)).toEqual([5, 6, 7]);
    expect(await shapeOf(5, 6, 7, 3)).toEqual([5, 6, 21]);
    expect(await shapeOf(1, 1)).toEqual([1, 1, 1]);
  });

  it('that were written are read back, whatever their shape', () =>
    assert(
      asyncProperty(
        tuple(
          integer({ min: 1, max: 5 }),
          integer({ min: 1, max: 9 }),
          integer({ min: 1, max: 9 }),
        ),
        async (shape) => {
          const size = shape[0] * shape[1] * shape[2];
          const values = Uint8Array.from({ length: size }, (_, i) => (i * 37) % 256);
          const { images, nImages, rows, columns } = await readIdxImages(idx(shape, values));
          expect([nImages, rows, columns]).toEqual(shape);
          expect(images).toEqual(values);
        },
      ),
    ));

  it('are told from labels by the file itself', async () => {
    expect(await readIdxFile(IMAGES)).toMatchObject({ images: { nImages: 2 } });
    expect(await readIdxFile(zipped(LABELS))).toEqual({ labels: Uint8Array.of(7, 0, 9) });
  });
});

describe('labels', () => {
  it('are read plain and compressed', async () => {
    expect([...(await readIdxLabels(LABELS))]).toEqual([7, 0, 9]);
    expect([...(await readIdxLabels(zipped(LABELS)))]).toEqual([7, 0, 9]);
  });
});

describe('a file that cannot be used', () => {
  it.each([
    ['labels where images are wanted', LABELS, /holds 3 labels .*not images/],
    ['a text', new Uint8Array(Buffer.from('a,b\n1,2\n')), /not IDX: it begins with 61 2c 62 0a/],
    ['a picture', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 1, 2), /begins with 89 50 4e 47/],
    ['nothing', new Uint8Array(0), /begins with nothing/],
    ['an unknown type', idx([1, 1, 1], [0], 0x0a), /not IDX: it begins with 00 00 0a 03/],
    ['no dimension', idx([], [0]), /not IDX: it begins with 00 00 08 00/],
    ['floats', idx([1, 1, 1], [0, 0, 0, 0], 0x0d), /holds 32-bit float numbers/],
    ['signed bytes', idx([1, 1, 1], [0], 0x09), /holds signed 8-bit numbers/],
    ['a header cut off', IMAGES.slice(0, 9), /ends within its header: 9 bytes of 16/],
    ['pixels cut off', IMAGES.slice(0, -1), /2 x 2 x 3 = 12 values and holds 11: it is cut off/],
    ['pixels too many', joined(IMAGES, [1]), /12 values and holds 13: it is too long/],
    ['no image', idx([0, 2, 3], []), /0 images of 2 x 3: no pixel/],
    ['images of no pixel', idx([4, 0, 3], []), /4 images of 0 x 3: no pixel/],
    [
      'sizes beyond all memory',
      idx([0xffffffff, 0xffffffff, 0xffffffff], [1]),
      /holds 1: it is cut off/,
    ],
    ['gzip cut off', zipped(IMAGES).slice(0, -9), /gzip file of \d+ bytes is cut off or damaged/],
    ['gzip damaged', damaged(zipped(IMAGES)), /cut off or damaged/],
    ['gzip of a text', zipped(Buffer.from('1,2\n')), /not IDX: it begins with 31 2c 32 0a/],
  ])('%s', async (_, bytes, message) => {
    const error = await failure(readIdxImages(bytes));
    expect(error.code).toBe('INVALID_SAMPLES');
    expect(error.message).toMatch(message);
    expect(error.hint).not.toBe('');
  });

  it('images where labels are wanted', async () => {
    const error = await failure(readIdxLabels(IMAGES));
    expect(error.code).toBe('INVALID_SAMPLES');
    expect(error.message).toBe('The file holds images of 2 x 2 x 3, not labels.');
    expect(error.hint).toContain('labels');
  });
});

describe('black and white', () => {
  const pixels = (images: Uint8Array, rows: number, columns: number, options = {}) => {
    const nImages = images.length / (rows * columns);
    const { bits, nSamples, nFeatures } = binarise({ images, nImages, rows, columns }, options);
    expect([nSamples, nFeatures]).toEqual([nImages, rows * columns]);
    const words = Math.ceil(nFeatures / 32);
    expect(bits.length).toBe(nSamples * words);
    return Array.from({ length: nSamples }, (_, n) =>
      Array.from({ length: words * 32 }, (_, d) => (bits[n * words + (d >> 5)] >>> (d & 31)) & 1),
    );
  };

  it('is 1 above 127', async () => {
    const read = await readIdxImages(IMAGES);
    const rows = pixels(read.images, 2, 3);
    expect(rows.map((row) => row.slice(0, 6))).toEqual([
      [0, 0, 0, 0, 0, 0],
      [0, 1, 1, 1, 1, 1],
    ]);
  });

  it('takes another threshold', () => {
    const images = Uint8Array.of(0, 1, 10, 255);
    expect(pixels(images, 1, 4, { threshold: 0 })[0].slice(0, 4)).toEqual([0, 1, 1, 1]);
    expect(pixels(images, 1, 4, { threshold: 254 })[0].slice(0, 4)).toEqual([0, 0, 0, 1]);
    expect(pixels(images, 1, 4, { threshold: 255 })[0].slice(0, 4)).toEqual([0, 0, 0, 0]);
    for (const threshold of [-1, 256, Number.NaN]) {
      expect(() => pixels(images, 1, 4, { threshold })).toThrow(/threshold is/);
    }
  });

  it('keeps every pixel at its place, and 0 behind the last, for any size of image', () =>
    assert(
      property(
        integer({ min: 1, max: 70 }),
        array(uint8Array({ minLength: 70, maxLength: 70 }), { minLength: 1, maxLength: 4 }),
        (nFeatures, wide) => {
          const images = wide.map((image) => image.subarray(0, nFeatures));
          const rows = pixels(Uint8Array.from(images.flatMap((image) => [...image])), 1, nFeatures);
          rows.forEach((row, n) => {
            expect(row.slice(0, nFeatures)).toEqual([...images[n]].map((v) => (v > 127 ? 1 : 0)));
            expect(row.slice(nFeatures).every((bit) => bit === 0)).toBe(true);
          });
        },
      ),
    ));
});

describe('the digits that come with the page', () => {
  const file = readFileSync(new URL('../../src/app/digits/digits.bits.gz', import.meta.url));

  it('are laid out as digits.md says, as many of every kind', async () => {
    const bytes = await gunzip(new Uint8Array(file));
    expect(bytes.length).toBe(2500 * 101);
    expect(gunzipSync(file).equals(bytes)).toBe(true);
    const labels = bytes.subarray(2500 * 100);
    for (let label = 0; label < 10; label++) {
      expect(labels.subarray(0, 2000).filter((value) => value === label).length).toBe(200);
      expect(labels.subarray(2000).filter((value) => value === label).length).toBe(50);
    }
    const words = new Uint32Array(bytes.buffer, 0, 2500 * 25);
    expect(words.filter((word, i) => i % 25 === 24 && word >>> 16 !== 0)).toHaveLength(0);
    // ink covers a tenth to a seventh of MNIST
    const ink = bytes.subarray(0, 2500 * 100).reduce((sum, byte) => sum + ones(byte), 0);
    expect(ink / 2500 / 784).toBeGreaterThan(0.1);
    expect(ink / 2500 / 784).toBeLessThan(0.15);
  });
});

function ones(byte: number): number {
  return byte.toString(2).replaceAll('0', '').length;
}

function within(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(bytes.length + 12).fill(0x55);
  larger.set(bytes, 5);
  return larger.subarray(5, 5 + bytes.length);
}

function joined(bytes: Uint8Array, more: number[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...bytes, ...more]);
}

function damaged(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  // the checksum of the content, in the last eight bytes with its length
  bytes[bytes.length - 8] ^= 0xff;
  return bytes;
}
