import { GATES } from './check.ts';
import { exponential, mebibytes, percent, table, threeDigits } from './format.ts';
import { peerMilliseconds, type Gate } from './gates.ts';
import type { Rate, Roofline } from './micro.ts';
import { sideOf, type BenchResult, type Row, type SideRow, type Stamp } from './result.ts';
import { workOf } from './roofline.ts';
import { describeShape, type BenchShape } from './shapes.ts';
import type { Spread } from './statistics.ts';

/** A result for people. On a software adapter it makes no claim about the speed of a GPU. */
export function toMarkdown(result: BenchResult): string {
  const { stamp, rows, roofline, gates, leftOut, failures, quick } = result;
  const sections = [
    `# webgpu-em bench, ${stamp.date.slice(0, 10)}, ${stamp.adapter.name}`,
    stampList(stamp),
    ...(quick
      ? [
          'A quick run over small shapes, to see that the bench works: no figure here is for any claim.',
        ]
      : []),
    ...(stamp.adapter.software ? [onAdapter(rows) ? SOFTWARE_NOTE : NO_ADAPTER_NOTE] : []),
    '## What the adapter can do',
    ROOFLINE_METHOD,
    roofline ? rooflineTable(roofline) : 'Not measured.',
    '## Milliseconds per iteration',
    METHOD,
    timeTable(rows),
    ...peerSections(rows),
    '## Gates',
    GATES_METHOD,
    gatesTable(gates),
    '## Milliseconds to the first iteration',
    FIRST_METHOD,
    firstTable(rows),
    '## Memory on the device',
    MEMORY_METHOD,
    memoryTable(rows),
    ...list('## Not measured', [
      ...leftOut.map(({ shape, reason }) => `${describeShape(shape)}: left out: ${reason}`),
      ...failures.map(({ shape, message }) => `${describeShape(shape)}: FAILED: ${message}`),
    ]),
  ];
  return `${sections.join('\n\n')}\n`;
}

function onAdapter(rows: readonly Row[]): boolean {
  return rows.some((row) => sideOf(row, 'webgpu') !== undefined);
}

const SOFTWARE_NOTE =
  'The adapter is software: WebGPU ran on the same processor as the CPU sides. No time here is that of a GPU.';

const NO_ADAPTER_NOTE = 'No GPU was used: only the CPU sides ran.';

const ROOFLINE_METHOD = `Micro-kernels in the same run (bench/micro), by the wall clock from submit to the end of the work: independent chains of
multiply-adds (the best of four kernels; one is two operations), of exponentials, a copy from storage to storage (bytes read plus
written), and the way of a nearly empty dispatch to its result in memory. Every result is checked. Median [quartiles] of several
samples.`;

const METHOD = `Median [quartiles; least–most] of (a longer fit − a shorter one) / the iterations between them: what a fit does once does not
count. All sides fit the same resident samples from the same start (tol 0), in turn. "cpu" is the plain float64 reference on one
thread, "threads" the fast CPU side. Useful GFLOP/s count textbook operations with no credit for recomputation (full 2D² + 8D + 8 for
each sample and component, diag 8D + 8, spherical 4D + 10, tied 4D + 8, Bernoulli 4D + 8, k-means 2D + 2). The bound is the larger of
these at FMA peak and of the bytes that have to move at copy bandwidth (fused: samples once, responsibilities stay in workgroup
memory; scratch: samples twice, responsibilities written and read); the share is bound / time. "Off" is the check: the largest difference from
the float64 fit in the lower bound per sample, over all iterations compared (at most ${exponential(GATES.lowerBound)}), and in a mean after the last of them
as a share of its component's standard deviation (at most ${exponential(GATES.meansInSigma)}). A side beyond either is WRONG and has no time.`;

const GATES_METHOD =
  'Each from the numbers of this run alone. A gate that is missed is a fact, not an error of the run.';

const FIRST_METHOD = `From samples in memory to the first iteration's result, once, on a fresh context: checks, standardising, upload, compiling, one
iteration; not the request for the device.`;

const MEMORY_METHOD = `All buffers of the device at their most, every one counted as it is made. What is not samples should not grow with them.`;

function stampList(stamp: Stamp): string {
  const { adapter } = stamp;
  const driver = adapter.driver === undefined ? '' : `, driver ${adapter.driver}`;
  const load = stamp.load ? `; load ${stamp.load} before it began` : '';
  return [
    `Adapter: ${adapter.name}, ${adapter.software ? 'software' : 'hardware'}${driver}`,
    `Browser: ${stamp.browser}`,
    `System: ${stamp.os}, ${stamp.processor}, ${stamp.cores} cores${load}; Node ${stamp.node}`,
    `Commit: ${stamp.commit}`,
    `Date: ${stamp.date}`,
  ]
    .map((line) => `- ${line}`)
    .join('\n');
}

function rooflineTable({ fma, exp, copy, latency, failures }: Roofline): string {
  const row = (name: string, rate: Rate | undefined, unit: string, scale: number): string[] => {
    if (!rate) return [name, 'failed', ''];
    const { lowerQuartile, median, upperQuartile } = rate.measured;
    const [low, middle, high] = [lowerQuartile, median, upperQuartile].map((value) =>
      threeDigits(value * scale),
    );
    return [name, `${middle} ${unit} [${low}–${high}]`, rate.how];
  };
  const rates = table(
    ['', 'at most', 'how'],
    [
      row('multiply-adds', fma, 'GFLOP/s', 1e-9),
      row('exponentials', exp, 'G/s', 1e-9),
      row('copy', copy, 'GB/s', 1e-9),
      row('submit to result', latency, 'ms', 1000),
    ],
  );
  return [rates, ...failures.map((failure) => `FAILED: ${failure}`)].join('\n\n');
}

function timeTable(rows: readonly Row[]): string {
  return table(
    [
      'shape',
      'side',
      'ms per iteration',
      'fits',
      'GFLOP/s',
      'bound',
      'share',
      'off: bound',
      'means, σ',
      'check',
    ],
    rows.flatMap((row) =>
      row.sides.map((side, i) => [
        i === 0 ? describeShape(row.shape) : '',
        ...timeCells(row, side),
      ]),
    ),
  );
}

function timeCells(row: Row, side: SideRow): string[] {
  const name = sideName(side);
  const { error, differences, time, right } = side;
  if (error !== undefined || !differences) return [name, error ?? '', '', '', '', '', '', '', '–'];
  const checks = [
    `${exponential(differences.lowerBound)} over ${differences.iterations}`,
    differences.meansInSigma === undefined ? '–' : exponential(differences.meansInSigma),
    right ? (side.side === row.checkedBy ? 'itself' : 'right') : 'WRONG',
  ];
  if (!time) return [name, 'WRONG', '', '', '', '', ...checks];
  const { share, gflops, iterations, milliseconds } = time;
  return [
    name,
    spreadCell(milliseconds),
    `${milliseconds.count} × (${iterations[1]} − ${iterations[0]})`,
    threeDigits(gflops),
    share ? boundCell(row.shape, share) : '',
    share ? percent(share.share) : '',
    ...checks,
  ];
}

function boundCell(
  shape: BenchShape,
  { bound, compute, bandwidth }: NonNullable<NonNullable<SideRow['time']>['share']>,
): string {
  return bound === 'compute'
    ? `compute, ${threeDigits(compute)} ms`
    : `bandwidth (${workOf(shape).design}), ${threeDigits(bandwidth)} ms`;
}

function peerSections(rows: readonly Row[]): string[] {
  const asked = rows.filter(({ peers }) => peers !== undefined);
  if (asked.length === 0) return [];
  const absent = new Set(
    asked.flatMap(({ peers = [] }) => peers.filter((peer) => peer.absent).map(({ peer }) => peer)),
  );
  const cells = asked.flatMap((row) =>
    row
      .peers!.filter((peer) => !peer.absent)
      .map((peer, i) => {
        const milliseconds = peerMilliseconds(peer);
        const shown = peer.right === false ? 'WRONG' : (peer.error ?? '–').split('\n')[0];
        return [
          i === 0 ? describeShape(row.shape) : '',
          `${peer.peer} ${peer.version ?? ''}`.trim(),
          peer.precision ?? '',
          String(peer.threads ?? ''),
          peer.device ?? '',
          milliseconds === undefined ? shown : threeDigits(milliseconds),
          peer.peakBytes === undefined ? '' : mebibytes(peer.peakBytes),
        ];
      }),
  );
  const head = [
    'shape',
    'program',
    'precision',
    'threads',
    'device',
    'ms per iteration',
    'peak memory',
  ];
  return [
    '## Other programs, same samples, start and iterations',
    table(head, cells),
    ...(absent.size > 0 ? [`Not here: ${[...absent].join(', ')}.`] : []),
  ];
}

function gatesTable(gates: readonly Gate[]): string {
  if (gates.length === 0) return 'None of the shapes measured decides one.';
  const passed = gates.filter((gate) => gate.passed).length;
  const rows = gates.map(({ name, wanted, found, passed, note }) => [
    name,
    wanted,
    found,
    passed ? 'pass' : `missed${note === undefined ? '' : `: ${note}`}`,
  ]);
  return `${passed} of ${gates.length} pass.\n\n${table(['gate', 'wanted', 'found', ''], rows)}`;
}

function firstTable(rows: readonly Row[]): string {
  return table(
    ['shape', 'side', 'ms', 'of it'],
    rows.flatMap((row) =>
      row.sides
        .filter(({ first }) => first !== undefined)
        .map((side, i) => {
          const { milliseconds, timings = {} } = side.first!;
          const parts = Object.entries(timings).map(([name, ms]) => `${name} ${threeDigits(ms)}`);
          const shape = i === 0 ? describeShape(row.shape) : '';
          return [shape, sideName(side), threeDigits(milliseconds), parts.join(', ')];
        }),
    ),
  );
}

function memoryTable(rows: readonly Row[]): string {
  return table(
    ['shape', 'peak', 'of it samples', 'the rest', 'N × K float32 would be'],
    rows.flatMap(({ shape, sides }) =>
      sides.flatMap(({ memory }) =>
        memory
          ? [
              [
                describeShape(shape),
                mebibytes(memory.peakBytes),
                mebibytes(memory.samplesBytes),
                mebibytes(memory.peakBytes - memory.samplesBytes),
                mebibytes(4 * shape.nSamples * shape.nComponents),
              ],
            ]
          : [],
      ),
    ),
  );
}

function list(title: string, items: readonly string[]): string[] {
  return items.length > 0 ? [title, items.map((item) => `- ${item}`).join('\n')] : [];
}

function sideName({ side, threads }: SideRow): string {
  return threads > 0 ? `${side} (${threads})` : side;
}

function spreadCell({ median, lowerQuartile, upperQuartile, least, most, count }: Spread): string {
  if (count === 1) return `${threeDigits(median)}, once`;
  const [middle, low, high, bottom, top] = [median, lowerQuartile, upperQuartile, least, most].map(
    threeDigits,
  );
  return `${middle} [${low}–${high}; ${bottom}–${top}]`;
}
