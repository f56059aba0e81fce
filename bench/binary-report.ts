import { PRIOR, SEED, type FitFigures } from './binary-figures.ts';
import { agrees, BOUND_GATE, type ScaleFigures } from './binary-scale.ts';
import { grouped } from './format.ts';
import type { Stamp } from './result.ts';

/** A data set and its fits, by rising K. */
export interface DataSetResult {
  readonly name: string;
  readonly nSamples: { readonly train: number; readonly valid?: number; readonly test?: number };
  readonly nFeatures: number;
  readonly fits: readonly FitFigures[];
}

export interface BinaryResult {
  readonly stamp: Stamp;
  /** For all fits together. */
  readonly minutes: number;
  readonly maxIter: number;
  readonly dataSets: readonly DataSetResult[];
  readonly scale: readonly ScaleFigures[];
  /** What ended in an error, a sentence each. */
  readonly failures: readonly string[];
}

/** What must hold, and does not: nothing where all is well. */
export function complaints({ dataSets, scale, failures }: BinaryResult): string[] {
  return [
    ...failures,
    ...dataSets.flatMap(({ name, fits }) => complainOf(name, fits)),
    ...scale
      .filter((figures) => !agrees(figures))
      .map(
        ({ nComponents, boundDifference }) =>
          `K = ${nComponents}: WebGPU's bound is off by ${exponential(boundDifference)}, more than ${exponential(BOUND_GATE)}.`,
      ),
  ];
}

/** Every mixture must beat the single Bernoulli on what was held out, and its completions the mean image. */
function complainOf(name: string, fits: readonly FitFigures[]): string[] {
  const single = fits.find(({ nComponents }) => nComponents === 1);
  if (!single) return [];
  return fits
    .filter(({ nComponents }) => nComponents > 1)
    .flatMap((fit) => {
      const worse = [
        heldOut(fit) > heldOut(single) ? undefined : 'held-out log-likelihood',
        (fit.crossEntropy ?? 0) < (single.crossEntropy ?? 1) ? undefined : 'cross-entropy',
      ].filter((what) => what !== undefined);
      return worse.map(
        (what) =>
          `${name}, K = ${fit.nComponents}: ${what} is no better than of a single Bernoulli.`,
      );
    });
}

/** Of the test samples, or of the validation samples where there are none. */
export function heldOut({ valid, test }: FitFigures): number {
  return test ?? valid ?? NaN;
}

/** The result for people. */
export function toMarkdown(result: BinaryResult): string {
  const { stamp, minutes, maxIter, dataSets, scale } = result;
  const complete = dataSets.filter(({ fits }) =>
    fits.some((fit) => fit.crossEntropy !== undefined),
  );
  const sections = [
    `# webgpu-em, Bernoulli mixtures of real binary data, ${stamp.date.slice(0, 10)}, ${stamp.adapter.name}`,
    stampList(stamp),
    ...complaints(result).map((complaint) => `FAILED: ${complaint}`),
    '## Held-out log-likelihood',
    `Nats a sample. Maximum a posteriori: Beta(${PRIOR.a}, ${PRIOR.b}) on every probability, Dirichlet(${PRIOR.alpha}) on the weights, the same for all; one
start (k-means++, seed ${SEED}), tol 1e-3. A fit ends when it has converged, after ${maxIter} iterations, or when its share of ${minutes} minutes
is over (shares go with the square root of N × D × K; what a fit leaves goes to the later ones). K = 1 is a single product of Bernoullis. The
prior was settled on the validation samples of plants and mushrooms, among 1.01, 1.1, 1.5 and 2; nothing else was chosen by held-out
samples.`,
    ...dataSets.map((set) => `${describe(set)}\n\n${fitTable(set)}\n\n${risesNote(set)}`),
    ...(complete.length > 0 ? ['## Completed images', COMPLETION_METHOD] : []),
    ...complete.map(completionTable),
    ...(scale.length > 0
      ? ['## At scale, on both sides', scaleMethod(stamp), scaleTable(scale)]
      : []),
    ...(scale.length > 0 ? [MEMORY_METHOD, memoryTable(scale)] : []),
  ];
  return `${sections.join('\n\n')}\n`;
}

const COMPLETION_METHOD = `The lower half of every test image is hidden; \`impute\` gives the posterior predictive mean of its pixels from the upper half.
Cross-entropy of those means with the true pixels, per hidden pixel. K = 1 is the mean image of the training set, whatever the
upper half.`;

const MEMORY_METHOD = `Memory on the device: the samples stay 32 pixels to a word; the peak is of all live buffers, looked at after every
iteration, and N × D float32 is what unpacked samples would take.`;

function scaleMethod({ adapter }: Stamp): string {
  const software = adapter.software
    ? ' The adapter is software: WebGPU ran on the same processor as the CPU side, and its times say nothing about a GPU.'
    : '';
  return `All training images as packed bits through the public API, same start and prior on both sides (tol 0). Bound: the largest difference of
any iteration's bound from the float64 side's, relative to it (at most ${exponential(BOUND_GATE)}); probabilities: the largest difference after the last.
Seconds an iteration: the median of all but the first, which compiles and is given apart.${software}`;
}

function describe({ name, nSamples, nFeatures }: DataSetResult): string {
  const { train, valid, test } = nSamples;
  const held = [valid && `${grouped(valid)} to validate`, test && `${grouped(test)} to test`];
  return `**${name}**, ${nFeatures} features: ${grouped(train)} samples to train, ${held.filter(Boolean).join(', ')}.`;
}

function fitTable({ fits }: DataSetResult): string {
  return table(
    ['K', 'train', 'validation', 'test', 'iterations', 'ended by', 'seconds', 'backend'],
    fits.map((fit) => [
      `${fit.nComponents}`,
      nats(fit.train),
      nats(fit.valid),
      nats(fit.test),
      `${fit.iterations}`,
      ENDED[fit.ended],
      fit.seconds < 10 ? fit.seconds.toFixed(1) : fit.seconds.toFixed(0),
      fit.backend === 'cpu' ? 'CPU, float64' : 'WebGPU',
    ]),
  );
}

function risesNote({ fits }: DataSetResult): string {
  const to = risesTo(fits);
  return to === undefined
    ? 'One size only.'
    : `Held out, the log-likelihood rises with every step to K = ${to}.`;
}

/** The largest K to which every step from the smallest raised the held-out log-likelihood. */
export function risesTo(fits: readonly FitFigures[]): number | undefined {
  if (fits.length < 2) return undefined;
  const falls = fits.findIndex((fit, i) => i > 0 && !(heldOut(fit) > heldOut(fits[i - 1])));
  return fits.at(falls < 0 ? -1 : falls - 1)!.nComponents;
}

const ENDED = { converged: 'tol', iterations: 'iterations', time: 'time' } as const;

function completionTable({ name, fits }: DataSetResult): string {
  const of = (fit: FitFigures): number => fit.crossEntropy ?? NaN;
  const single = fits.find(({ nComponents }) => nComponents === 1);
  return table(
    [`${name}, K`, 'nats a hidden pixel', 'bits a hidden pixel', 'of the mean image'],
    fits.map((fit) => [
      fit.nComponents === 1 ? '1, the mean image' : `${fit.nComponents}`,
      of(fit).toFixed(4),
      (of(fit) / Math.LN2).toFixed(4),
      single ? `${((100 * of(fit)) / of(single)).toFixed(0)} %` : '–',
    ]),
  );
}

function scaleTable(scale: readonly ScaleFigures[]): string {
  return table(
    [
      'N × D',
      'K',
      'iterations',
      'bound',
      'probabilities',
      'check',
      'CPU, s',
      'WebGPU, s',
      'CPU first, s',
      'WebGPU first, s',
    ],
    scale.map((figures) => [
      `${grouped(figures.nSamples)} × ${figures.nFeatures}`,
      `${figures.nComponents}`,
      `${figures.bounds.webgpu.length}`,
      exponential(figures.boundDifference),
      exponential(figures.probabilityDifference),
      agrees(figures) ? 'right' : 'WRONG',
      ...[typical(figures.milliseconds.cpu), typical(figures.milliseconds.webgpu)].map(seconds),
      ...[figures.milliseconds.cpu[0], figures.milliseconds.webgpu[0]].map(seconds),
    ]),
  );
}

function memoryTable(scale: readonly ScaleFigures[]): string {
  return table(
    [
      'K',
      'peak',
      'of it samples',
      'of it weights',
      'the rest',
      'one binding may have',
      'N × D float32',
    ],
    scale.map(({ nComponents, nSamples, nFeatures, memory }) => [
      `${nComponents}`,
      mebibytes(memory.peakBytes),
      mebibytes(memory.samplesBytes),
      mebibytes(memory.weightsBytes),
      mebibytes(memory.peakBytes - memory.samplesBytes - memory.weightsBytes),
      mebibytes(memory.bindingLimit),
      mebibytes(nSamples * nFeatures * 4),
    ]),
  );
}

/** The median without the first, in milliseconds. */
export function typical(milliseconds: readonly number[]): number {
  const later = milliseconds.slice(1).toSorted((a, b) => a - b);
  const middle = (later.length - 1) / 2;
  return (later[Math.floor(middle)] + later[Math.ceil(middle)]) / 2;
}

function stampList({ adapter, browser, os, processor, cores, node, commit, date }: Stamp): string {
  return [
    `Adapter: ${adapter.name}, ${adapter.software ? 'software' : 'hardware'}`,
    `Browser: ${browser}`,
    `System: ${os}, ${processor}, ${cores} cores; Node ${node}`,
    `Commit: ${commit}`,
    `Date: ${date}`,
  ]
    .map((line) => `- ${line}`)
    .join('\n');
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, header.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function nats(value: number | undefined): string {
  return value === undefined ? '–' : value.toFixed(2);
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toPrecision(2);
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

function exponential(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value.toExponential(1).replace('.0e', 'e');
}
