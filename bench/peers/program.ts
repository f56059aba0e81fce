import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { SideName } from '../sides.ts';
import { gaussianMixtureModel, mlKMeans } from './npm-peers.ts';
import { measureOwn } from './own.ts';
import type { ProblemFile } from './problem.ts';
import type { PeerAnswer } from './run-peers.mjs';

/** NAME FOLDER --repetitions R --threads T --seconds S: this library's sides and npm's packages, called as every peer is. */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    repetitions: { type: 'string', default: '3' },
    threads: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '60' },
  },
});
const [name, folder] = positionals;

let answer: PeerAnswer;
try {
  answer = { ...(await measure()), peakBytes: peakBytes() };
} catch (error) {
  answer = { peer: name, error: error instanceof Error ? error.message : String(error) };
}
process.stdout.write(`${JSON.stringify(answer)}\n`);
// a GPU object that is still referred to keeps Node running
process.exit(0);

async function measure(): Promise<PeerAnswer> {
  const file = JSON.parse(readFileSync(join(folder, 'problem.json'), 'utf8')) as ProblemFile;
  const { model, nSamples, nFeatures, nComponents, seed, iterations } = file;
  const job = {
    shape: { model, nSamples, nFeatures, nComponents },
    seed,
    iterations,
    repetitions: Number(values.repetitions),
    seconds: Number(values.seconds),
  };
  if (name === 'gaussian-mixture-model') return gaussianMixtureModel(job);
  if (name === 'ml-kmeans') return mlKMeans(job);
  const side = name.replace('webgpu-em ', '') as SideName;
  const gpu = side === 'webgpu' ? await importGpu() : undefined;
  return measureOwn({ ...job, side }, { threads: Number(values.threads), gpu });
}

async function importGpu(): Promise<GPU> {
  // by a name that no bundler looks up: the package need not be here
  const name = 'webgpu';
  const dawn = (await import(/* @vite-ignore */ name)) as {
    create(flags: string[]): GPU;
    globals: object;
  };
  Object.assign(globalThis, dawn.globals);
  return dawn.create([]);
}

/** The most memory that this program had resident, where the system tells. */
function peakBytes(): number {
  try {
    const found = /^VmHWM:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'));
    if (found !== null) return 1024 * Number(found[1]);
  } catch {
    // no Linux
  }
  return 1024 * process.resourceUsage().maxRSS;
}
