import { percent, table, threeDigits } from './format.ts';
import { peerMilliseconds } from './gates.ts';
import { sideOf, type BenchResult, type PeerRow, type Row, type SideRow } from './result.ts';
import { describeShape } from './shapes.ts';
import type { SideName } from './sides.ts';

/** What stands in README.md between these is written by `npm run bench:readme`. */
export const MARKERS = [
  '<!-- bench:begin (written by npm run bench:readme from bench/results; do not edit) -->',
  '<!-- bench:end -->',
] as const;

/** A result and its file in bench/results, without its ending. */
export interface ResultFile {
  readonly name: string;
  readonly result: BenchResult;
}

/** The files that are results of `npm run bench`, whole ones: others lie in the same folder. */
export function benchResults(files: readonly { name: string; json: unknown }[]): ResultFile[] {
  return files.flatMap(({ name, json }) => {
    const result = json as Partial<BenchResult>;
    const whole = result.version === 2 && result.quick === false && Array.isArray(result.rows);
    return whole ? [{ name, result: result as BenchResult }] : [];
  });
}

/** The newest result of each adapter as Markdown, hardware first; a software adapter's never as a GPU's. */
export function readmeSection(files: readonly ResultFile[]): string {
  const newest = new Map<string, ResultFile>();
  for (const file of files.toSorted((a, b) => (dateOf(a) < dateOf(b) ? 1 : -1))) {
    const { name } = file.result.stamp.adapter;
    if (!newest.has(name)) newest.set(name, file);
  }
  const all = [...newest.values()].filter(({ result }) => result.rows.length > 0);
  const hardware = all.filter(({ result }) => !result.stamp.adapter.software);
  const software = all.filter(({ result }) => result.stamp.adapter.software);
  const parts = [
    ...(hardware.length > 0
      ? hardware.flatMap(hardwarePart)
      : ['No hardware GPU has been measured yet, so there is no GPU time to report.']),
    ...software.flatMap(softwarePart),
  ];
  return parts.join('\n\n');
}

/**
 * The README with the section between its markers.
 *
 * @throws Error where it lacks one of them
 */
export function insertSection(readme: string, section: string): string {
  const [begin, end] = MARKERS;
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`README.md lacks ${from < 0 ? begin : end}.`);
  return `${readme.slice(0, from + begin.length)}\n\n${section}\n\n${readme.slice(to)}`;
}

function hardwarePart({ name, result }: ResultFile): string[] {
  const { stamp } = result;
  const { adapter } = stamp;
  const driver = adapter.driver === undefined ? '' : `, driver ${adapter.driver}`;
  const card = typeof stamp.nvidia === 'object' ? stamp.nvidia[0]?.name : undefined;
  return [
    `On a hardware GPU: **${card ?? adapter.name}**${driver}, commit ${stamp.commit}, ${where(result)}${peaks(result)} Milliseconds per iteration
([all of it](bench/results/${name}.md)):`,
    timeTable(result.rows, 'WebGPU'),
  ];
}

function softwarePart({ name, result }: ResultFile): string[] {
  const { stamp } = result;
  const measured = result.roofline !== undefined;
  const what = measured
    ? `On the software adapter ${stamp.adapter.name}, which computes on the processor's own cores: **no figure here is one for a GPU**. Commit`
    : 'On a processor alone, without any adapter. Commit';
  return [
    `${what} ${stamp.commit}, ${where(result)}${peaks(result)} Milliseconds per iteration ([all of it](bench/results/${name}.md)):`,
    timeTable(result.rows, 'WebGPU in software'),
  ];
}

function where({ stamp }: BenchResult): string {
  const { date, processor, cores, browser, load = 0 } = stamp;
  const busy = load > cores / 2 ? ` Other work ran beside it (load ${load}).` : '';
  return `${date.slice(0, 10)}, ${processor}, ${cores} cores, ${browser.replace(/^none: /, '')}.${busy}`;
}

function peaks({ roofline }: BenchResult): string {
  const { fma, copy } = roofline ?? {};
  if (!fma || !copy) return '';
  const [flops, bytes] = [fma, copy].map(({ measured }) => threeDigits(measured.median / 1e9));
  return ` Measured in the same run: ${flops} GFLOP/s of multiply-adds, ${bytes} GB/s copied.`;
}

/** A column for each side and for the best right peer, where any row has one. */
function timeTable(rows: readonly Row[], webgpu: string): string {
  const has = (side: SideName) => rows.some((row) => sideOf(row, side)?.time !== undefined);
  const columns: { head: string; cell: (row: Row) => string }[] = [
    { head: 'shape', cell: ({ shape }) => describeShape(shape) },
  ];
  if (has('cpu')) {
    columns.push({ head: 'CPU reference', cell: (row) => timeCell(sideOf(row, 'cpu')) });
  }
  if (has('threads')) {
    const threads = rows.flatMap((row) => sideOf(row, 'threads')?.threads ?? [])[0];
    const head = `CPU, ${threads} threads`;
    columns.push({ head, cell: (row) => timeCell(sideOf(row, 'threads')) });
  }
  if (has('webgpu')) {
    columns.push(
      { head: webgpu, cell: (row) => timeCell(sideOf(row, 'webgpu')) },
      { head: 'GFLOP/s', cell: (row) => rateCell(sideOf(row, 'webgpu')) },
      { head: 'of its bound', cell: (row) => shareCell(sideOf(row, 'webgpu')) },
    );
  }
  if (rows.some(({ peers = [] }) => peers.some((peer) => peerMilliseconds(peer) !== undefined))) {
    columns.push({ head: 'best of the others', cell: ({ peers = [] }) => peerCell(peers) });
  }
  return table(
    columns.map(({ head }) => head),
    rows.map((row) => columns.map(({ cell }) => cell(row))),
  );
}

function timeCell(side: SideRow | undefined): string {
  if (side?.right === false) return 'wrong';
  return side?.time ? threeDigits(side.time.milliseconds.median) : '–';
}

function rateCell(side: SideRow | undefined): string {
  return side?.time ? threeDigits(side.time.gflops) : '–';
}

function shareCell(side: SideRow | undefined): string {
  const share = side?.time?.share;
  return share ? `${percent(share.share)} (${share.bound})` : '–';
}

function peerCell(peers: readonly PeerRow[]): string {
  const timed = peers.flatMap((peer) => {
    const milliseconds = peerMilliseconds(peer);
    return milliseconds === undefined ? [] : [{ peer, milliseconds }];
  });
  const [best] = timed.toSorted((a, b) => a.milliseconds - b.milliseconds);
  if (best === undefined) return '–';
  const { peer, precision, threads } = best.peer;
  const words = [peer, precision, threads === undefined ? undefined : `${threads} threads`];
  return `${threeDigits(best.milliseconds)} (${words.filter(Boolean).join(', ')})`;
}

function dateOf({ result }: ResultFile): string {
  return result.stamp.date;
}
