/**
 * The samples of the exponential-family fixtures (test/fixtures/expfam-data), in Node and in the browser: binary ones packed 32 to
 * a word, any as a matrix with NaN for what is missing. Each data set is checked against the SHA-256 of its values as bytes.
 */
import {
  loadSamples,
  nameOf,
  readGzip,
  readJson,
  sha256,
  type FixtureSamples,
} from './fixtures.ts';
import { uniform } from './hashgen.ts';

/** Feature d of sample n is bit `d & 31` of word n * ceil(D / 32) + (d >> 5); in `mask`, 1 = observed. */
export interface BitSamples {
  readonly bits: Uint32Array<ArrayBuffer>;
  readonly mask?: Uint32Array<ArrayBuffer>;
  readonly nSamples: number;
  readonly nFeatures: number;
}

/** A value that is missing, in bytes. */
const MISSING = 255;

const dataFiles = import.meta.glob<string>('../fixtures/expfam-data/*.json', {
  query: '?raw',
  import: 'default',
});
const packedFiles = import.meta.glob<string>('../fixtures/expfam-data/*.bits.gz', {
  query: '?url&inline',
  import: 'default',
});

export const discreteDataNames: readonly string[] = Object.keys(dataFiles).map(nameOf).sort();

/** Samples of a data set, or the first of them, with NaN for missing entries. */
export async function loadMatrix(name: string, first = Infinity): Promise<FixtureSamples> {
  const raw = await readRaw(name);
  const nSamples = Math.min(first, raw.n);
  if (!raw.x || raw.sha256_u8 !== null) {
    const bytes = await loadBytes(name);
    const data = new Float64Array(nSamples * raw.d);
    for (let i = 0; i < data.length; i++) data[i] = bytes[i] === MISSING ? NaN : bytes[i];
    return { data, nSamples, nFeatures: raw.d };
  }
  const data = Float64Array.from(raw.x as number[]);
  check(name, await sha256(data), raw.sha256_f64le!);
  return { data: data.subarray(0, nSamples * raw.d), nSamples, nFeatures: raw.d };
}

/** Binary samples packed in words, with a mask where entries are missing. */
export async function loadBits(name: string): Promise<BitSamples> {
  const bytes = await loadBytes(name);
  const { n: nSamples, d: nFeatures, missing } = await readRaw(name);
  const bits = packed(bytes, nSamples, nFeatures, (byte) => byte === 1);
  if (missing === 0) return { bits, nSamples, nFeatures };
  const mask = packed(bytes, nSamples, nFeatures, (byte) => byte !== MISSING);
  return { bits, mask, nSamples, nFeatures };
}

let latest: { name: string; bytes: Uint8Array } | undefined;

/** Values as bytes, row by row, 255 for missing, checked. Only the latest stay in memory: the largest have 47 MB. */
export async function loadBytes(name: string): Promise<Uint8Array> {
  if (latest?.name === name) return latest.bytes;
  const raw = await readRaw(name);
  const bytes = await readBytes(raw);
  hide(bytes, raw);
  check(name, await sha256(bytes), raw.sha256_u8!);
  const missing = bytes.reduce((count, byte) => count + (byte === MISSING ? 1 : 0), 0);
  check(name, `${missing} missing`, `${raw.missing} missing`);
  latest = { name, bytes };
  return bytes;
}

interface MissingRule {
  readonly seed: number;
  readonly stream: number;
  /** What the hash gives a number below this is missing. */
  readonly below: number;
}

interface RawDiscreteData {
  readonly n: number;
  readonly d: number;
  readonly missing: number;
  readonly sha256_u8: string | null;
  readonly sha256_f64le?: string;
  readonly x?: (number | null)[];
  /** Derived from these samples in place of `x`. */
  readonly from?: 'digits' | 'mnist-train' | 'mnist-t10k';
  readonly rule?: string;
  /** Entry (n, d) by the hash of n D + d, a whole row by that of n. */
  readonly missing_entries?: MissingRule;
  readonly missing_rows?: MissingRule;
}

async function readRaw(name: string): Promise<RawDiscreteData> {
  return (await readJson(dataFiles, 'expfam-data', name)) as RawDiscreteData;
}

async function readBytes({ n, d, x, from, rule }: RawDiscreteData): Promise<Uint8Array> {
  if (x) return Uint8Array.from(x, (value) => value ?? MISSING);
  if (from === 'digits') {
    const { data } = await loadSamples('digits');
    return Uint8Array.from(data, (pixel) => (rule === 'x' ? pixel : pixel >= 8 ? 1 : 0));
  }
  const words = new Uint32Array(
    (await readGzip(await packedFiles[`../fixtures/expfam-data/${from}.bits.gz`]())).buffer,
  );
  const stride = Math.ceil(d / 32);
  const bytes = new Uint8Array(n * d);
  for (let sample = 0, i = 0; sample < n; sample++) {
    for (let feature = 0; feature < d; feature++, i++) {
      bytes[i] = (words[sample * stride + (feature >> 5)] >>> (feature & 31)) & 1;
    }
  }
  return bytes;
}

function hide(bytes: Uint8Array, { d, missing_entries, missing_rows }: RawDiscreteData): void {
  const hidden = (rule: MissingRule | undefined, index: number): boolean =>
    rule !== undefined && uniform(rule.seed, rule.stream, index) < rule.below;
  if (!missing_entries && !missing_rows) return;
  for (let i = 0; i < bytes.length; i++) {
    if (hidden(missing_entries, i) || hidden(missing_rows, Math.floor(i / d))) bytes[i] = MISSING;
  }
}

function packed(
  bytes: Uint8Array,
  nSamples: number,
  nFeatures: number,
  isOne: (byte: number) => boolean,
): Uint32Array<ArrayBuffer> {
  const stride = Math.ceil(nFeatures / 32);
  const words = new Uint32Array(nSamples * stride);
  for (let i = 0; i < bytes.length; i++) {
    if (!isOne(bytes[i])) continue;
    const feature = i % nFeatures;
    words[((i - feature) / nFeatures) * stride + (feature >> 5)] |= 1 << (feature & 31);
  }
  return words;
}

function check(name: string, found: string, expected: string): void {
  if (found !== expected) throw new Error(`Data set ${name} has ${found}, not ${expected}.`);
}
