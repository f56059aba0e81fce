import { percent, threeDigits } from './format.ts';
import { sideOf, type BenchResult, type PeerRow, type Row } from './result.ts';
import { workOf, type Share } from './roofline.ts';
import { describeShape, GROWTH, QUICK_GROWTH, shapeName, type BenchShape } from './shapes.ts';
import { SIDES, type SideName } from './sides.ts';
import { spread } from './statistics.ts';

/** One thing that a run is held to, and how it came out. A gate that is missed is said, and is no error. */
export interface Gate {
  readonly name: string;
  readonly wanted: string;
  readonly found: string;
  readonly passed: boolean;
  /** Where it is missed: what bounds it. */
  readonly note?: string;
}

/** What the gates are computed from. */
export type Measured = Pick<BenchResult, 'rows' | 'roofline' | 'stamp' | 'quick'>;

const HARDWARE_FMA = 0.25;
const HARDWARE_COPY = 0.6;
const SOFTWARE_FMA = 0.2;
/** Of the time per sample between the fewest and the most samples. */
const GROWTH_SPREAD = 0.2;
/** Bytes on the device that a sample more may cost beside itself, where what is not samples is bounded. */
const GROWTH_BYTES = 1;

/** All gates that the rows of a run decide. */
export function gatesOf(measured: Measured): Gate[] {
  return [
    ...measured.rows.flatMap((row) => shareGates(row, measured.stamp.adapter.software)),
    ...growthGates(measured),
    ...measured.rows.flatMap((row) => peerGates(row, measured.stamp.adapter.software)),
  ];
}

function shareGates(row: Row, software: boolean): Gate[] {
  const time = sideOf(row, 'webgpu')?.time;
  const share = time?.share;
  if (!time || !share) return [];
  const { median } = time.milliseconds;
  const gates: Gate[] = [];
  const least = fmaGate(row.shape, software);
  if (least !== undefined) {
    const found = share.compute / median;
    gates.push(
      gate(
        `${describeShape(row.shape)}: FMA`,
        `${percent(least)} of FMA peak`,
        percent(found),
        found >= least,
        limits(row.shape, share, median),
      ),
    );
  }
  if (!software && share.bound === 'bandwidth') {
    const found = share.bandwidth / median;
    gates.push(
      gate(
        `${describeShape(row.shape)}: bandwidth`,
        `${percent(HARDWARE_COPY)} of copy bandwidth`,
        percent(found),
        found >= HARDWARE_COPY,
        limits(row.shape, share, median),
      ),
    );
  }
  return gates;
}

/** The share of FMA peak that a shape is held to, if any. */
function fmaGate(shape: BenchShape, software: boolean): number | undefined {
  const { model, nFeatures, nComponents } = shape;
  if (software) {
    return model === 'full' && nFeatures === 16 && nComponents === 16 ? SOFTWARE_FMA : undefined;
  }
  const full = model === 'full' && nFeatures >= 16 && nFeatures <= 64;
  const large = nFeatures >= 64 && nComponents >= 64;
  return full || (large && (model === 'diag' || model === 'spherical')) ? HARDWARE_FMA : undefined;
}

/** What an iteration's parts would take at the adapter's best, the longest first. */
function limits(shape: BenchShape, share: Share, median: number): string {
  const parts = [
    ['multiply-adds', share.compute],
    [`${workOf(shape).design} bytes`, share.bandwidth],
    ['exponentials', share.exponentials],
    ['one submit and readback', share.latency],
  ] as const;
  const known = parts.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
  const sorted = known.toSorted((a, b) => b.value - a.value);
  const total = known.reduce((sum, { value }) => sum + value, 0);
  const words = sorted.map(({ name, value }) => `${name} ${threeDigits(value)} ms`).join(', ');
  return `of ${threeDigits(median)} ms: ${words}; the other ${threeDigits(Math.max(0, median - total))} ms are the kernels' own and the host's`;
}

function growthGates({ rows, quick }: Measured): Gate[] {
  const byName = new Map(rows.map((row) => [shapeName(row.shape), row]));
  return (quick ? QUICK_GROWTH : GROWTH).flatMap(({ shapes }) => {
    const found = shapes.flatMap((shape) => byName.get(shapeName(shape)) ?? []);
    return SIDES.flatMap((side) => timeGrowth(found, side).concat(memoryGrowth(found, side)));
  });
}

function timeGrowth(rows: readonly Row[], side: SideName): Gate[] {
  const perSample = rows.flatMap((row) => {
    const time = sideOf(row, side)?.time;
    const { nSamples } = row.shape;
    return time ? [{ nSamples, nanoseconds: (1e6 * time.milliseconds.median) / nSamples }] : [];
  });
  if (perSample.length < 2) return [];
  const values = perSample.map(({ nanoseconds }) => nanoseconds);
  const found = Math.max(...values) / Math.min(...values) - 1;
  const words = perSample.map(
    ({ nSamples, nanoseconds }) =>
      `N = ${nSamples.toExponential(0).replace('+', '')}: ${threeDigits(nanoseconds)} ns`,
  );
  const falls = perSample.at(-1)!.nanoseconds <= Math.min(...values) * (1 + GROWTH_SPREAD);
  return [
    gate(
      `${growthName(rows, side)}: time per sample`,
      `within ${percent(GROWTH_SPREAD)}`,
      `${percent(found)} (${words.join(', ')})`,
      found <= GROWTH_SPREAD,
      falls
        ? 'it falls as samples grow: what an iteration costs whatever its samples counts less'
        : 'it grows with the samples',
    ),
  ];
}

function memoryGrowth(rows: readonly Row[], side: SideName): Gate[] {
  const rest = rows.flatMap(({ shape, ...row }) => {
    const memory = sideOf({ shape, ...row }, side)?.memory;
    return memory
      ? [{ nSamples: shape.nSamples, bytes: memory.peakBytes - memory.samplesBytes }]
      : [];
  });
  if (rest.length < 2) return [];
  const [before, last] = rest.slice(-2);
  const found = (last.bytes - before.bytes) / (last.nSamples - before.nSamples);
  const words = rest.map(({ bytes }) => `${(bytes / 2 ** 20).toFixed(1)} MiB`);
  return [
    gate(
      `${growthName(rows, side)}: bytes beside the samples`,
      `at most ${GROWTH_BYTES} more a sample`,
      `${found.toFixed(2)} (${words.join(', ')})`,
      found <= GROWTH_BYTES,
    ),
  ];
}

function growthName(rows: readonly Row[], side: SideName): string {
  const { model, nFeatures, nComponents } = rows[0].shape;
  return `${side}, ${model}, D = ${nFeatures}, K = ${nComponents}, growing N`;
}

/** The CPU against scikit-learn and Armadillo, WebGPU against scikit-learn in float32 or, on hardware, against the best of all. */
function peerGates(row: Row, software: boolean): Gate[] {
  const peers = (row.peers ?? []).flatMap((peer) => {
    const milliseconds = peerMilliseconds(peer);
    return milliseconds === undefined ? [] : [{ ...peer, milliseconds }];
  });
  const cpu = fastest(row, ['cpu', 'threads']);
  const webgpu = fastest(row, ['webgpu']);
  const small = row.shape.nFeatures <= 8;
  const find = (name: RegExp, precision: PeerRow['precision']) =>
    peers.find((peer) => name.test(peer.peer) && peer.precision === precision);
  const gates: Gate[] = [];
  const compare = (
    who: string,
    mine: number | undefined,
    peer: (typeof peers)[number] | undefined,
    least: number,
  ): void => {
    if (mine === undefined || peer === undefined) return;
    const found = peer.milliseconds / mine;
    const name = `${describeShape(row.shape)}: ${who} against ${peer.peer} ${peer.precision ?? ''}`;
    const threads = peer.threads === undefined ? '' : ` (its threads: ${peer.threads})`;
    gates.push(
      gate(
        name.trim(),
        `${least} times as fast`,
        `${threeDigits(found)}${threads}`,
        found >= least,
      ),
    );
  };
  compare('CPU', cpu, find(/scikit|sklearn/i, 'float64'), small ? 2 : 1);
  compare('CPU, stretch', cpu, find(/armadillo/i, 'float64'), 1);
  if (software && small) compare('WebGPU', webgpu, find(/scikit|sklearn/i, 'float32'), 1);
  if (!software) {
    const [best] = peers.toSorted((a, b) => a.milliseconds - b.milliseconds);
    compare('WebGPU, best peer', webgpu, best, 3);
  }
  return gates;
}

/** The median; undefined of a peer that failed or whose answer is wrong. */
export function peerMilliseconds({ right, secondsPerIteration }: PeerRow): number | undefined {
  if (right !== true || !secondsPerIteration?.length) return undefined;
  return 1000 * spread(secondsPerIteration).median;
}

function fastest(row: Row, sides: readonly SideName[]): number | undefined {
  const medians = sides.flatMap((side) => sideOf(row, side)?.time?.milliseconds.median ?? []);
  return medians.length > 0 ? Math.min(...medians) : undefined;
}

function gate(name: string, wanted: string, found: string, passed: boolean, note?: string): Gate {
  return { name, wanted, found, passed, ...(passed || note === undefined ? {} : { note }) };
}
