import { GATES, isRight, type Differences } from './check.ts';
import { describeCase, grouped, LEAST_REPETITIONS, type BenchCase } from './grid.ts';
import { spread, type Spread } from './statistics.ts';

export interface AdapterFound {
  readonly name: string;
  /** Whether the adapter computes on the CPU. */
  readonly software: boolean;
}

/** Milliseconds from samples in memory to the first iteration's result; the first is the coldest. */
export interface FirstIteration {
  readonly cpu: number[];
  readonly webgpu: number[];
}

/** Bytes on the device. */
export interface Memory {
  readonly samplesBytes: number;
  /** All live buffers, the samples among them, at most. */
  readonly peakBytes: number;
  /** What N x K float32 would take, had they been kept. */
  readonly responsibilitiesBytes: number;
}

/** What the page found for one case. */
export interface Measurement {
  readonly shape: BenchCase;
  readonly differences: Differences;
  /** One a timed fit: its milliseconds over its iterations. */
  readonly millisecondsPerIteration: { readonly cpu: number[]; readonly webgpu: number[] };
  readonly firstIterations: FirstIteration;
  readonly memory: Memory;
}

/** Where, when and with what it was measured. */
export interface Stamp {
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly commit: string;
  readonly adapter: AdapterFound;
  readonly browser: string;
  readonly node: string;
  readonly os: string;
  readonly processor: string;
  readonly cores: number;
}

/** A row of the result: times only where the answer is right. */
export interface Row {
  readonly shape: BenchCase;
  readonly right: boolean;
  readonly differences: Differences;
  readonly memory: Memory;
  readonly times: Times | undefined;
}

export interface Times {
  /** Milliseconds per iteration. */
  readonly cpu: Spread;
  readonly webgpu: Spread;
  /** Median of the CPU over median of WebGPU. */
  readonly ratio: number;
  readonly firstCpu: Spread;
  /** Undefined where there are too few to show a spread. */
  readonly firstWebgpu: Spread | undefined;
  /** The first of those: nothing compiled yet. */
  readonly coldWebgpu: number;
  /** Everything that was measured, in order. */
  readonly all: {
    readonly perIteration: Measurement['millisecondsPerIteration'];
    readonly first: FirstIteration;
  };
}

/** A case that ended in an error. */
export interface Failure {
  readonly shape: BenchCase;
  readonly message: string;
}

/** Takes the times from a measurement whose answer is wrong, so that nobody can show them. */
export function gate(measurement: Measurement): Row {
  const { shape, differences, memory, millisecondsPerIteration, firstIterations } = measurement;
  const right = isRight(differences);
  if (!right) return { shape, right, differences, memory, times: undefined };
  const cpu = spread(millisecondsPerIteration.cpu);
  const webgpu = spread(millisecondsPerIteration.webgpu);
  const times: Times = {
    cpu,
    webgpu,
    ratio: cpu.median / webgpu.median,
    firstCpu: spread(firstIterations.cpu),
    firstWebgpu:
      firstIterations.webgpu.length < LEAST_REPETITIONS
        ? undefined
        : spread(firstIterations.webgpu),
    coldWebgpu: firstIterations.webgpu[0],
    all: { perIteration: millisecondsPerIteration, first: firstIterations },
  };
  return { shape, right, differences, memory, times };
}

/** The result for people. On a software adapter it makes no claim about speed. */
export function toMarkdown(
  stamp: Stamp,
  rows: readonly Row[],
  failures: readonly Failure[] = [],
): string {
  const { adapter } = stamp;
  const sections = [
    `# webgpu-em bench, ${stamp.date.slice(0, 10)}, ${adapter.name}`,
    stampList(stamp),
    '## Milliseconds per iteration',
    `${METHOD}\n\n${ratioNote(adapter)}`,
    iterationTable(rows, adapter),
    ...failures.map(({ shape, message }) => `FAILED: ${describeCase(shape)}: ${message}`),
    '## Milliseconds to the first iteration',
    FIRST_METHOD,
    firstTable(rows),
    ...leftOutNotes(rows),
    '## Memory on the device',
    MEMORY_METHOD,
    memoryTable(rows),
  ];
  return `${sections.join('\n\n')}\n`;
}

const METHOD = `Median [quartiles; least–most] over timed fits; a fit's time is its wall time over its iterations. Both sides fit the same
resident samples from the same start (tol 0), in turn, after a warm-up fit each. "Fits" is timed fits × iterations of each, CPU
and WebGPU. "Bound" and "means" are the check: the largest difference of any WebGPU fit, over all its iterations, from the
float64 CPU fit, in the lower bound per sample (at most ${exponential(GATES.lowerBound)}) and in a mean as a share of its component's own standard deviation
(at most ${exponential(GATES.meansInSigma)}). A row beyond either is WRONG and shows no time. The CPU side is the library's float64 reference, on one thread.`;

const FIRST_METHOD = `From samples in memory to the first iteration's result, on a fresh context each time: check, standardise, upload, compile,
one iteration; not the device request. Cold is the first time in a fresh page; later ones may find the browser's compiled kernels.`;

const MEMORY_METHOD = `All live buffers of the context at their most, looked at after every iteration. Working memory is that without the
samples: a few numbers a sample, and partial sums in a scratch of bounded size. Responsibilities are never kept; the last column
is what N × K float32 of them would add.`;

function ratioNote({ software }: AdapterFound): string {
  return software
    ? 'The adapter is software: WebGPU ran on the same processor as the CPU side. The ratio says nothing about a GPU.'
    : 'The ratio is of the medians: above 1, WebGPU took less time than the float64 reference.';
}

function stampList(stamp: Stamp): string {
  const { adapter } = stamp;
  return [
    `Adapter: ${adapter.name}, ${adapter.software ? 'software' : 'hardware'}`,
    `Browser: ${stamp.browser}`,
    `System: ${stamp.os}, ${stamp.processor}, ${stamp.cores} cores; Node ${stamp.node}`,
    `Commit: ${stamp.commit}`,
    `Date: ${stamp.date}`,
  ]
    .map((line) => `- ${line}`)
    .join('\n');
}

function iterationTable(rows: readonly Row[], { software }: AdapterFound): string {
  const ratio = software ? 'CPU / software WebGPU time ratio' : 'CPU / WebGPU';
  return table(
    [...SHAPE_COLUMNS, 'fits', 'CPU', 'WebGPU', ratio, 'bound', 'means, σ', 'check'],
    rows.map(({ shape, right, differences, times }) => [
      ...shapeCells(shape),
      `${shape.repetitions} × ${shape.iterations.cpu}, ${shape.repetitions} × ${shape.iterations.webgpu}`,
      times ? spreadCell(times.cpu) : 'WRONG',
      times ? spreadCell(times.webgpu) : 'WRONG',
      times ? times.ratio.toPrecision(2) : '–',
      exponential(differences.lowerBound),
      exponential(differences.meansInSigma),
      right ? 'right' : 'WRONG',
    ]),
  );
}

function firstTable(rows: readonly Row[]): string {
  return table(
    [...SHAPE_COLUMNS, 'CPU', 'WebGPU', 'WebGPU, cold'],
    rows.map(({ shape, times }) => [
      ...shapeCells(shape),
      times ? spreadCell(times.firstCpu) : 'WRONG',
      times ? spreadCell(times.firstWebgpu) : 'WRONG',
      times ? milliseconds(times.coldWebgpu) : 'WRONG',
    ]),
  );
}

function memoryTable(rows: readonly Row[]): string {
  return table(
    [...SHAPE_COLUMNS, 'peak', 'of it samples', 'of it working memory', 'N × K float32'],
    rows.map(({ shape, memory }) => [
      ...shapeCells(shape),
      mebibytes(memory.peakBytes),
      mebibytes(memory.samplesBytes),
      mebibytes(memory.peakBytes - memory.samplesBytes),
      mebibytes(memory.responsibilitiesBytes),
    ]),
  );
}

function leftOutNotes(rows: readonly Row[]): string[] {
  return rows
    .filter(({ shape }) => shape.firstLeftOut !== undefined)
    .map(({ shape }) => `Left out, ${describeCase(shape)}: ${shape.firstLeftOut}.`);
}

const SHAPE_COLUMNS = ['N × D', 'K', 'covariance'];

function shapeCells({ nSamples, nFeatures, nComponents, covarianceType }: BenchCase): string[] {
  return [`${grouped(nSamples)} × ${nFeatures}`, `${nComponents}`, covarianceType];
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, header.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function spreadCell(times: Spread | undefined): string {
  if (times === undefined) return 'left out';
  const [median, low, high, least, most] = [
    times.median,
    times.lowerQuartile,
    times.upperQuartile,
    times.least,
    times.most,
  ].map(milliseconds);
  return `${median} [${low}–${high}; ${least}–${most}]`;
}

/** Three digits are more than a spread of a few percent carries. */
function milliseconds(value: number): string {
  return value >= 100 ? grouped(Math.round(value)) : value.toPrecision(3);
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

function exponential(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value.toExponential(1).replace('.0e', 'e');
}
