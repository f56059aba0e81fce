// Runs other programs on a problem's folder, one after another, and says of each whether its answer is right.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { runProgram } from './run-program.mjs';
import { PEERS } from './table.mjs';

/** Per sample; beyond it an answer is wrong, and a wrong answer has no speed. */
export const MOST_DIFFERENCE = 1e-5;
/** Of a program's repetitions: none is begun after so long. */
const SECONDS = 60;
/** What starting, reading the samples and compiling may take; three times the seconds later a program is ended. */
const START_SECONDS = 60;

/**
 * @param options.folder as problem.ts wrote it
 * @param options.which names of peers, all by default
 * @param options.gpu whether peers may look for a GPU, default true; TF32 is asked for there only
 * @param options.rounds how often every peer is called, each time for its share of the repetitions: in turn, so that what the
 *   machine does meanwhile meets all alike
 * @param options.peers in place of the table
 */
export async function runPeers({
  folder,
  repetitions = 3,
  threads = availableParallelism(),
  which,
  gpu = true,
  seconds = SECONDS,
  rounds = 1,
  peers = PEERS,
  log = () => {},
}) {
  const problem = JSON.parse(readFileSync(join(folder, 'problem.json'), 'utf8'));
  const asked = peers.filter(
    ({ name, models, gpu: needsGpu }) =>
      (which === undefined || which.includes(name)) &&
      models.includes(problem.model) &&
      (gpu || needsGpu !== true),
  );
  const answers = new Map(asked.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const peer of round % 2 === 0 ? asked : asked.toReversed()) {
      const before = answers.get(peer.name);
      // what failed or is wrong once is not asked again
      if (before.some((one) => one.right !== true)) continue;
      const share = Math.ceil(repetitions / rounds);
      const given = { folder, repetitions: share, threads, gpu, seconds };
      const answer = judge(peer, await ask(peer, problem, given), problem);
      before.push({ ...answer, peer: peer.name });
      log(describe(before.at(-1)));
    }
  }
  return asked.map(({ name }) => merge(answers.get(name)));
}

async function ask(peer, problem, { folder, repetitions, threads, gpu, seconds }) {
  if (sizeOf(problem) > (peer.largest ?? Infinity)) {
    return { error: 'left out: it would take minutes an iteration' };
  }
  const options = { repetitions, threads, seconds };
  const words = [...(await commandOf(peer)), folder];
  for (const [name, value] of Object.entries(options)) words.push(`--${name}`, String(value));
  return runProgram([...words, ...peer.words], {
    environment: environmentOf(threads, gpu),
    seconds: START_SECONDS + 3 * seconds,
  });
}

/** Roughly the operations of an iteration. */
function sizeOf({ model, nSamples, nFeatures, nComponents }) {
  return nSamples * nComponents * (model === 'full' ? nFeatures ** 2 : nFeatures);
}

async function commandOf({ script, program, command }) {
  if (command !== undefined) return command;
  const here = process.env.WEBGPU_EM_PEERS ?? fileURLToPath(new URL('./', import.meta.url));
  if (script !== undefined) return [process.env.PYTHON ?? 'python3', join(here, script)];
  return [process.execPath, await programFile(here), program];
}

let bundled;

/** program.ts as one file: a kit has it, a checkout has it bundled once a process. */
function programFile(here) {
  const packed = join(here, 'program.mjs');
  bundled ??= existsSync(packed) ? Promise.resolve(packed) : bundleProgram(here);
  return bundled;
}

/** By a process of its own: the bundler may be what runs this one, and does not run twice in one. */
async function bundleProgram(here) {
  const script = join(here, 'bundle-program.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [script]);
  return stdout.trim();
}

/** As many threads for all; a GPU hidden where none is to be used. */
function environmentOf(threads, gpu) {
  const set = { OMP_NUM_THREADS: threads, OPENBLAS_NUM_THREADS: threads, MKL_NUM_THREADS: threads };
  const hidden = { CUDA_VISIBLE_DEVICES: '', JAX_PLATFORMS: 'cpu' };
  return { ...process.env, ...set, ...(gpu ? {} : hidden) };
}

/**
 * Other programs in float32 may be off by its rounding of a bound beyond 168 nats (Bernoullis of 784 features): to take their times for
 * that would flatter this library, which is held to 1e-5 there too.
 */
function mostDifference({ name }, { precision }, wanted) {
  if (precision !== 'float32' || name.startsWith('webgpu-em')) return MOST_DIFFERENCE;
  return Math.max(MOST_DIFFERENCE, 2 ** -24 * Math.abs(wanted));
}

/** Compares with float64, and takes the times from what is wrong. */
function judge(peer, answer, { expected }) {
  if (answer.error !== undefined) return answer;
  const { lowerBound, lowerBoundIndex } = answer;
  const wanted = expected.lowerBounds[lowerBoundIndex];
  const difference = Math.abs(lowerBound - wanted);
  // (not >: NaN is wrong, too)
  const right = difference <= mostDifference(peer, answer, wanted);
  const judged = { ...answer, expected: wanted, difference, right };
  if (!right) delete judged.secondsPerIteration;
  return judged;
}

/** The rounds of one peer as one answer: every time of them, the largest memory and the largest difference. */
function merge(answers) {
  const last = answers.at(-1);
  if (answers.length === 1 || last.right !== true) return last;
  const most = (name) => Math.max(...answers.map((one) => one[name] ?? 0));
  return {
    ...last,
    secondsPerIteration: answers.flatMap((one) => one.secondsPerIteration),
    difference: most('difference'),
    ...(last.peakBytes ? { peakBytes: most('peakBytes') } : {}),
    ...(last.peakDeviceBytes ? { peakDeviceBytes: most('peakDeviceBytes') } : {}),
  };
}

function describe({ peer, error, right, difference, secondsPerIteration }) {
  if (error !== undefined) return `${peer}: ${error}`;
  if (!right) return `${peer}: WRONG by ${difference} per sample`;
  const best = Math.min(...secondsPerIteration);
  return `${peer}: ${(1000 * best).toPrecision(3)} ms an iteration at best`;
}
