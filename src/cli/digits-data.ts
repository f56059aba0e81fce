import { existsSync } from 'node:fs';
import { MixtureError } from '../errors.ts';
import { binarise } from '../io/binarise.ts';
import type { BinaryImages } from '../io/binarise.ts';
import { readDigitSample } from '../io/digit-sample.ts';
import { readIdxImages, readIdxLabels } from '../io/idx.ts';
import type { DigitFiles, DigitsArguments } from './digits-arguments.ts';
import { UsageError } from './errors.ts';
import { readBytes } from './io.ts';
import { ownFile } from './own-files.ts';

/** Images to fit, and others to complete. */
export interface DigitData {
  readonly rows: number;
  readonly columns: number;
  readonly train: BinaryImages;
  readonly trainLabels: Uint8Array | undefined;
  readonly test: BinaryImages;
  /** What the two came from, for people. */
  readonly trainName: string;
  readonly testName: string;
}

/** Throws UsageError or MixtureError where a file cannot be read, or the files do not go together. */
export async function readDigitData(args: DigitsArguments): Promise<DigitData> {
  const data = await (args.files === undefined
    ? readOwnSample()
    : readIdxFiles(args.files, args.threshold));
  return args.nTrain === undefined ? data : firstOf(data, args.nTrain);
}

/** Not in the npm package: it is under another licence, and as long as the whole command. */
const SAMPLE = 'src/app/digits/digits.bits.gz';

async function readOwnSample(): Promise<DigitData> {
  const file = ownFile(SAMPLE);
  if (!existsSync(file)) {
    throw new UsageError(
      'No images are given, and the sample of digits is in the repository of webgpu-em only.',
      'Give --train and --test, such as the files of MNIST.',
    );
  }
  const { rows, columns, train, test } = await readDigitSample(await bytesOf(file));
  const name = 'the sample of MNIST in the repository';
  const { labels: trainLabels } = train;
  return { rows, columns, train, trainLabels, test, trainName: name, testName: name };
}

async function readIdxFiles(
  { train, test, trainLabels }: DigitFiles,
  threshold: number,
): Promise<DigitData> {
  const images = await readNamed(train, readIdxImages);
  const others = await readNamed(test, readIdxImages);
  const { rows, columns } = images;
  if (others.rows !== rows || others.columns !== columns) {
    throw new UsageError(
      `The images of "${test}" are ${others.rows} x ${others.columns}, those of "${train}" ${rows} x ${columns}.`,
      'Give files of one size of images.',
    );
  }
  const labels =
    trainLabels === undefined ? undefined : await readNamed(trainLabels, readIdxLabels);
  if (labels !== undefined && labels.length !== images.nImages) {
    throw new UsageError(
      `"${trainLabels}" holds ${labels.length} labels for ${images.nImages} images.`,
      'Give the labels that belong to --train.',
    );
  }
  return {
    rows,
    columns,
    train: binarise(images, { threshold }),
    trainLabels: labels,
    test: binarise(others, { threshold }),
    trainName: train,
    testName: test,
  };
}

/** The library's error, with the name of the file in front. */
async function readNamed<T>(
  file: string,
  read: (bytes: Uint8Array<ArrayBuffer>) => Promise<T>,
): Promise<T> {
  const bytes = await bytesOf(file);
  try {
    return await read(bytes);
  } catch (error) {
    if (!(error instanceof MixtureError)) throw error;
    const { code, message, hint, details } = error;
    throw new MixtureError(code, `"${file}": ${message}`, hint, details, error);
  }
}

/** A copy that owns its memory, as the readers of io take it. */
async function bytesOf(file: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readBytes(file));
}

function firstOf(data: DigitData, nSamples: number): DigitData {
  const { train, trainLabels } = data;
  if (nSamples > train.nSamples) {
    throw new UsageError(
      `--samples asks for ${nSamples} images, but there are ${train.nSamples}.`,
      'Leave it out to fit all of them.',
    );
  }
  const words = train.bits.length / train.nSamples;
  return {
    ...data,
    train: { ...train, nSamples, bits: train.bits.subarray(0, nSamples * words) },
    trainLabels: trainLabels?.subarray(0, nSamples),
  };
}
