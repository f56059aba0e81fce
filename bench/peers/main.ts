import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeShape, shapeName, type BenchShape } from '../shapes.ts';
import { machine } from '../kit/machine.mjs';
import { commit } from '../stamp.mjs';
import { parseShape, peerShapes } from './plan.ts';
import { iterationsFor, writeProblem } from './problem.ts';
import { peersToMarkdown, type PeersResult, type PeersRow } from './report.ts';
import { runPeers, type PeerAnswer } from './run-peers.mjs';
import { OWN, PEERS } from './table.mjs';
import { writePeers } from './write-peers.ts';

const USAGE = `Usage: bench:peers [--shapes LIST] [--which LIST] [--threads COUNT] [--repetitions COUNT] [--rounds COUNT]
             [--iterations COUNT] [--seconds SECONDS] [--gpu] [--no-own] [--out PATH] [--help]
  --shapes LIST        comma-separated, such as full-10000x8-k4 (default: all that are compared)
  --which LIST         comma-separated names: ${[...OWN, ...PEERS].map(({ name }) => name.replace(', ', '/')).join(', ')}
  --threads COUNT      for every program (default: as many as the machine has)
  --repetitions COUNT  of all iterations, for every program (default: 4)
  --rounds COUNT       that every program is called, in turn (default: 2; with --gpu 1)
  --iterations COUNT   of one repetition (default: 3 to 20, by the shape)
  --seconds SECONDS    no program begins a repetition later than this (default: 60)
  --gpu                peers and this library use the machine's GPU; without, the CPU
  --no-own             the peers alone
  --out PATH           a folder, or a file that ends in .json (default: bench/results); Markdown goes beside it`;

const OPTIONS = {
  shapes: { type: 'string' },
  which: { type: 'string' },
  threads: { type: 'string' },
  repetitions: { type: 'string' },
  rounds: { type: 'string' },
  iterations: { type: 'string' },
  seconds: { type: 'string' },
  gpu: { type: 'boolean' },
  'no-own': { type: 'boolean' },
  out: { type: 'string' },
  help: { type: 'boolean' },
} as const;

export interface GivenPeers {
  /** Of this library's WebGPU side, in place of Node with the package `webgpu`: a browser. */
  readonly command?: readonly string[];
}

/** @returns the exit code: 1 where a program of this library failed or was wrong */
export async function comparePeers(words: readonly string[], given: GivenPeers): Promise<number> {
  let options;
  try {
    options = parseArgs({ args: [...words], options: OPTIONS }).values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return 2;
  }
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const number = (value: string | undefined, otherwise: number): number =>
    value === undefined ? otherwise : Number(value);
  const gpu = options.gpu === true;
  const threads = number(options.threads, availableParallelism());
  const shapes = options.shapes?.split(',').map(parseShape) ?? peerShapes(gpu);
  const own = OWN.flatMap((peer) => {
    if (peer.name !== 'webgpu-em webgpu') return [peer];
    if (given.command) return [{ ...peer, command: given.command }];
    return gpu ? [peer] : [];
  });
  const settings = {
    threads,
    gpu,
    repetitions: number(options.repetitions, 4),
    rounds: number(options.rounds, gpu ? 1 : 2),
    seconds: number(options.seconds, 60),
    which: options.which?.split(',').map((name) => name.replace('/', ', ')),
    peers: options['no-own'] ? PEERS : [...own, ...PEERS],
    log: (line: string) => console.error(`    ${line}`),
  };
  // before the first program: its own load is none of the machine's
  const stamp = { date: new Date().toISOString(), commit: commit(), ...machine() };
  const rows: PeersRow[] = [];
  const result = (): PeersResult => ({
    version: 1,
    stamp,
    threads,
    gpu,
    rows,
  });
  for (const shape of shapes) {
    console.error(`  ${describeShape(shape)}`);
    const iterations = number(options.iterations, iterationsFor(shape, gpu));
    rows.push(await compareAt(shape, iterations, settings));
    writePeers(options.out, result());
  }
  console.log(peersToMarkdown(result()));
  const mine = rows.flatMap(({ answers }) => answers.filter(isOwn));
  return mine.every(({ right }) => right === true) ? 0 : 1;
}

async function compareAt(
  shape: BenchShape,
  wanted: number,
  settings: Omit<Parameters<typeof runPeers>[0], 'folder'> & { threads: number },
): Promise<PeersRow> {
  const folder = mkdtempSync(join(tmpdir(), `webgpu-em-${shapeName(shape)}-`));
  try {
    const { iterations, expected } = await writeProblem(folder, shape, {
      iterations: wanted,
      threads: settings.threads,
    });
    const answers = await runPeers({ folder, ...settings });
    return { shape, iterations, checkedBy: expected.checkedBy, answers };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function isOwn({ peer }: PeerAnswer): boolean {
  return peer.startsWith('webgpu-em ');
}
