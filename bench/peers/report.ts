import { exponential, mebibytes, table, threeDigits } from '../format.ts';
import { describeShape, type BenchShape } from '../shapes.ts';
import { spread } from '../statistics.ts';
import type { PeerAnswer } from './run-peers.mjs';

/** One shape, and what every program made of it. */
export interface PeersRow {
  readonly shape: BenchShape;
  readonly iterations: number;
  /** The float64 side that says what is right. */
  readonly checkedBy: 'cpu' | 'threads';
  readonly answers: readonly PeerAnswer[];
}

export interface PeersResult {
  readonly version: 1;
  readonly stamp: {
    readonly date: string;
    readonly commit: string;
    readonly node: string;
    readonly os: string;
    readonly processor: string;
    readonly cores: number;
    /** Cores that were busy with something else in the minute before. */
    readonly load: number;
    readonly memoryBytes: number;
    readonly nvidia?: string | readonly { name: string; driver: string; memory: string }[];
  };
  /** That every program was given. */
  readonly threads: number;
  /** Whether programs used the machine's GPU. */
  readonly gpu: boolean;
  readonly rows: readonly PeersRow[];
}

const HEAD = [
  'program',
  'precision',
  'threads or device',
  'ms per iteration: median',
  'least to most',
  'times',
  'error in the bound',
  'peak memory',
];

/** The result for a reader; a program that is absent is listed as such, once. */
export function peersToMarkdown({ stamp, threads, gpu, rows }: PeersResult): string {
  const { date, commit, node, os, processor, cores, load, nvidia } = stamp;
  const cards = Array.isArray(nvidia)
    ? nvidia.map(({ name, driver }) => `${name} (driver ${driver})`).join(', ')
    : '';
  const absent = new Map<string, string>();
  for (const { peer, absent: is, error } of rows.flatMap(({ answers }) => answers)) {
    if (is) absent.set(peer, error!.replace('absent: ', ''));
  }
  return [
    '# Programs side by side',
    `${date.slice(0, 16).replace('T', ' ')} UTC, commit ${commit}: ${processor}, ${cores} cores (load before: ${load})${cards === '' ? '' : `, ${cards}`}, ${os}, Node ${node}. Every program has
${threads} threads${gpu ? ' and may use the GPU' : '; no GPU is used'}, the same samples, the same start and the same number of iterations; samples are in its memory before
the clock starts, and what it compiles is compiled. \`times\`: how many of its iterations fit into one of the fastest. A bound
more than 1e-5 per sample from float64 is wrong and has no time (of other programs in float32: more than 2^-24 of it, where that is more). Peak memory is the whole process, interpreter and samples too.`,
    ...rows.map(section),
    ...(absent.size === 0
      ? []
      : ['## Absent', [...absent].map(([peer, why]) => `- ${peer}: ${why}`).join('\n')]),
    '',
  ].join('\n\n');
}

function section({ shape, iterations, checkedBy, answers }: PeersRow): string {
  const medians = answers.map(medianOf);
  const fastest = Math.min(...(medians.filter((one) => one !== undefined && one > 0) as number[]));
  const order = answers
    .map((answer, i) => ({ answer, median: medians[i] }))
    .filter(({ answer }) => answer.absent !== true)
    .toSorted((a, b) => (a.median ?? Infinity) - (b.median ?? Infinity));
  const lines = order.map(({ answer, median }) => cells(answer, median, fastest));
  return `## ${describeShape(shape)}

${iterations} iterations; checked by this library's float64 ${checkedBy === 'cpu' ? 'reference' : 'side on threads'}.

${table(HEAD, lines)}`;
}

function cells(answer: PeerAnswer, median: number | undefined, fastest: number): string[] {
  const { peer, version, precision, threads, device, error, difference, right } = answer;
  const name = `${peer} ${version ?? ''}`.trim();
  if (error !== undefined) return [name, '', '', error.replaceAll('|', '/'), '', '', '', ''];
  const where = device === 'cpu' ? `${threads}` : (device ?? '');
  const memory = [
    answer.peakBytes === undefined ? '' : mebibytes(answer.peakBytes),
    answer.peakDeviceBytes === undefined ? '' : `device ${mebibytes(answer.peakDeviceBytes)}`,
  ].filter(Boolean);
  const wrong = right === true ? '' : ', WRONG';
  const last = [`${exponential(difference!)}${wrong}`, memory.join(', ')];
  if (median === undefined) return [name, precision!, where, '–', '', '', ...last];
  const { least, most } = spread(answer.secondsPerIteration!);
  return [
    name,
    precision!,
    where,
    threeDigits(1000 * median),
    `${threeDigits(1000 * least)} to ${threeDigits(1000 * most)}`,
    threeDigits(median / fastest),
    ...last,
  ];
}

/** Seconds; undefined where there is no time. */
function medianOf({ secondsPerIteration }: PeerAnswer): number | undefined {
  return secondsPerIteration?.length ? spread(secondsPerIteration).median : undefined;
}
