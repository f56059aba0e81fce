/**
 * Makes digits.bits.gz, the digits that the page at /digits begins with, from the four files of MNIST:
 *
 *   node src/app/digits/make-digits.mjs FOLDER
 *
 * FOLDER holds train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz and the same of t10k. The layout of what is
 * written is in digits.md beside this file.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv } from 'node:process';
import { gunzipSync, gzipSync } from 'node:zlib';

const PIXELS = 784;
const BYTES = 100; // 784 bits in whole words of 32

const folder = argv[2];
if (folder === undefined) throw new Error('Name the folder that holds the files of MNIST.');

const train = choose('train', 200);
const test = choose('t10k', 50);
const packed = gzipSync(
  Buffer.concat([...train, ...test].map(({ bits }) => bits).concat(labels(train), labels(test))),
  { level: 9 },
);
// the byte that names the system that compressed (RFC 1952, 2.3.1): "unknown", so that any machine writes the same file
packed[9] = 255;
writeFileSync(new URL('digits.bits.gz', import.meta.url), packed);
console.log(`${train.length} + ${test.length} digits in ${packed.length} bytes`);

/** As many of every label, spread evenly over the file, in the file's order. */
function choose(name, each) {
  const images = gunzipSync(readFileSync(join(folder, `${name}-images-idx3-ubyte.gz`)));
  const labels = gunzipSync(readFileSync(join(folder, `${name}-labels-idx1-ubyte.gz`))).subarray(8);
  const chosen = [];
  for (let label = 0; label < 10; label++) {
    const places = [...labels.keys()].filter((place) => labels[place] === label);
    for (let i = 0; i < each; i++) chosen.push(places[Math.floor((i * places.length) / each)]);
  }
  return chosen
    .sort((a, b) => a - b)
    .map((place) => ({
      label: labels[place],
      bits: pack(images.subarray(16 + place * PIXELS, 16 + (place + 1) * PIXELS)),
    }));
}

/** Pixel d is bit d & 7 of byte d >> 3, which is bit d & 31 of a little-endian word: 1 where it is above 127. */
function pack(image) {
  const bits = Buffer.alloc(BYTES);
  for (let d = 0; d < PIXELS; d++) if (image[d] > 127) bits[d >> 3] |= 1 << (d & 7);
  return bits;
}

function labels(digits) {
  return Buffer.from(digits.map(({ label }) => label));
}
