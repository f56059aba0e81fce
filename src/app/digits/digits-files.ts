import { MixtureError } from '../../index.ts';
import { binarise } from '../../io/binarise.ts';
import { readIdxFile } from '../../io/idx.ts';
import type { IdxImages } from '../../io/idx.ts';
import { slice } from './digits-data.ts';
import type { DigitData, DigitSet } from './digits-data.ts';
import { count } from '../shared/format.ts';

type Role = 'train' | 'test';

/** What a drop of files held. */
interface Found {
  images: Partial<Record<Role, Named<IdxImages>>>;
  labels: Partial<Record<Role, Named<Uint8Array>>>;
}

interface Named<T> {
  fileName: string;
  content: T;
}

/** Of a file without a companion to complete, one image in so many is kept out of the fit. */
const ONE_HELD_OUT_IN = 10;

/**
 * Reads IDX files of the user's: images to fit, images to complete, labels of either, as their names and contents say.
 * What was not given stays as it was where it fits: a file of test images goes with the digits fitted now, labels with
 * the images they count.
 * @throws MixtureError INVALID_SAMPLES naming the file that cannot be used, and why
 */
export async function readDigits(files: readonly File[], former: DigitData): Promise<DigitData> {
  const { images, labels } = await readAll(files);
  let data = former;
  if (images.train) data = fitted(images.train);
  if (images.test) data = withTest(data, images.test);
  if (labels.train) data = withTrainLabels(data, labels.train);
  if (labels.test) data = withTestLabels(data, labels.test);
  return data;
}

async function readAll(files: readonly File[]): Promise<Found> {
  const found: Found = { images: {}, labels: {} };
  for (const file of files) {
    const role: Role = /t10k|test/i.test(file.name) ? 'test' : 'train';
    const read = await readOne(file);
    if ('images' in read) put(found.images, role, { fileName: file.name, content: read.images });
    else put(found.labels, role, { fileName: file.name, content: read.labels });
  }
  return found;
}

async function readOne(file: File): ReturnType<typeof readIdxFile> {
  try {
    return await readIdxFile(new Uint8Array(await file.arrayBuffer()));
  } catch (error) {
    if (!(error instanceof MixtureError)) throw error;
    const { code, message, hint, details } = error;
    throw new MixtureError(code, `${file.name}: ${message}`, hint, details, error);
  }
}

function put<T>(into: Partial<Record<Role, Named<T>>>, role: Role, named: Named<T>): void {
  const other = into[role];
  if (other) {
    throw invalid(
      `${other.fileName} and ${named.fileName} are of the same kind.`,
      'Give one file of images and one of labels; name those to complete with "t10k" or "test".',
    );
  }
  into[role] = named;
}

function fitted({ fileName, content }: Named<IdxImages>): DigitData {
  const all: DigitSet = { ...binarise(content), labels: undefined };
  const kept = all.nSamples - Math.ceil(all.nSamples / ONE_HELD_OUT_IN);
  return {
    name: fileName.replace(/\.gz$/i, ''),
    rows: content.rows,
    columns: content.columns,
    train: slice(all, 0, kept),
    test: slice(all, kept, all.nSamples),
    heldOut: true,
  };
}

/** Test digits of their own: what had been held out in their place is fitted after all. */
function withTest(data: DigitData, { fileName, content }: Named<IdxImages>): DigitData {
  const { rows, columns } = content;
  if (rows !== data.rows || columns !== data.columns) {
    throw invalid(
      `${fileName}: its images are ${rows} x ${columns}, those to fit ${data.rows} x ${data.columns}.`,
      'Drop it together with the images to fit, or give it a name without "t10k" and "test" to fit it.',
    );
  }
  return {
    ...data,
    train: whole(data),
    test: { ...binarise(content), labels: undefined },
    heldOut: false,
  };
}

function withTrainLabels(data: DigitData, labels: Named<Uint8Array>): DigitData {
  const all = { ...whole(data), labels: labels.content };
  checkCount(labels, all.nSamples, 'to fit');
  if (!data.heldOut) return { ...data, train: all };
  const { nSamples } = data.train;
  return { ...data, train: slice(all, 0, nSamples), test: slice(all, nSamples, all.nSamples) };
}

function withTestLabels(data: DigitData, labels: Named<Uint8Array>): DigitData {
  checkCount(labels, data.test.nSamples, 'to complete');
  return { ...data, test: { ...data.test, labels: labels.content } };
}

/** The training file as it came: what is held out of it lies right behind the rest in the same memory. */
function whole({ train, test, heldOut }: DigitData): DigitSet {
  if (!heldOut) return train;
  const { bits, nFeatures } = train;
  return {
    bits: new Uint32Array(bits.buffer, bits.byteOffset, bits.length + test.bits.length),
    nSamples: train.nSamples + test.nSamples,
    nFeatures,
    labels: undefined,
  };
}

function checkCount({ fileName, content }: Named<Uint8Array>, nImages: number, what: string): void {
  if (content.length === nImages) return;
  throw invalid(
    `${fileName}: ${count(content.length)} labels for ${count(nImages)} images ${what}.`,
    'Drop the labels together with their images.',
  );
}

function invalid(message: string, hint: string): MixtureError {
  return new MixtureError('INVALID_SAMPLES', message, hint);
}
