import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseShape, peerShapes } from '../bench/peers/plan.ts';
import { iterationsFor, writeProblem, type ProblemFile } from '../bench/peers/problem.ts';
import { peersToMarkdown } from '../bench/peers/report.ts';
import { runPeers, type Peer } from '../bench/peers/run-peers.mjs';
import { runProgram } from '../bench/peers/run-program.mjs';
import { OWN, PEERS } from '../bench/peers/table.mjs';
import { drawProblem } from '../bench/problem.ts';

const root = mkdtempSync(join(tmpdir(), 'webgpu-em-peers-'));
afterAll(() => rmSync(root, { recursive: true }));

const folderOf = (name: string): string => join(root, name);
const read = (folder: string, name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'));

/** A program that answers so; CALLS counts how often it is called. */
function fake(name: string, answer: object | string, before = ''): Peer {
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
  const script = join(root, `${name}.mjs`);
  writeFileSync(script, `${before}\nconsole.log(${JSON.stringify(text)});`);
  return { name, models: ['full'], words: [], command: [process.execPath, script] };
}

describe("a problem's folder", () => {
  test('holds the samples, the start in scikit-learn’s shapes, and every bound of the float64 side', async () => {
    const shape = parseShape('full-60x2-k3');
    const folder = folderOf('files');
    const file = await writeProblem(folder, shape, { seed: 5, iterations: 4 });
    expect(read(folder, 'problem.json')).toEqual(file);
    expect(file).toMatchObject({ ...shape, seed: 5, iterations: 4, regCovar: 1e-6 });
    const { samples, start } = drawProblem(shape, 5);
    const bytes = readFileSync(join(folder, file.samples));
    const floats = new Float32Array(new Uint8Array(bytes).buffer);
    expect(Array.from(floats)).toEqual(Array.from((samples as { data: Float32Array }).data));
    const { weights, means, covariances } = read(folder, 'start.json');
    expect(weights).toEqual([1 / 3, 1 / 3, 1 / 3]);
    expect(means.flat()).toEqual(Array.from(start['meansInit']));
    expect(covariances.map((rows: number[][]) => rows.map((row) => row.length))).toEqual([
      [2, 2],
      [2, 2],
      [2, 2],
    ]);
    // one more than iterations: before the first, and after the last
    expect(file.expected.lowerBounds.length).toBe(5);
    expect(file.expected.lowerBounds.toSorted((a, b) => a - b)).toEqual(file.expected.lowerBounds);
  });

  test('holds bits as bytes', async () => {
    const shape = parseShape('bernoulli-50x40-k2');
    const folder = folderOf('bits');
    const { samples } = await writeProblem(folder, shape, { iterations: 2 });
    const bytes = readFileSync(join(folder, samples));
    const { bits } = drawProblem(shape, 1).samples as { bits: Uint32Array };
    expect(bytes.length).toBe(50 * 40);
    // sample 1, feature 33: the second word of the second row
    expect(bytes[40 + 33]).toBe((bits[3] >>> 1) & 1);
    expect(read(folder, 'start.json').probabilities.map((row: number[]) => row.length)).toEqual([
      40, 40,
    ]);
  });

  test('of a k-means that comes to rest has no more iterations than it takes', async () => {
    const file = await writeProblem(folderOf('rest'), parseShape('kmeans-40x2-k2'), {
      iterations: 20,
    });
    expect(file.iterations).toBeLessThan(20);
    expect(file.expected.lowerBounds.length).toBe(file.iterations + 1);
  });

  test('is named by its shape; hardware alone is asked for the largest', () => {
    expect(() => parseShape('full-10x2')).toThrow('full-10x2 is no shape');
    const large = (gpu: boolean) => peerShapes(gpu).filter((one) => one.nComponents === 1024);
    expect([large(false).length, large(true).length]).toEqual([0, 1]);
    const iterations = peerShapes(false).map((shape) => iterationsFor(shape, false));
    expect([Math.min(...iterations), Math.max(...iterations)]).toEqual([3, 20]);
  });
});

describe('programs side by side', () => {
  const folder = folderOf('small');
  let file: ProblemFile;
  let good: object;
  beforeAll(async () => {
    file = await writeProblem(folder, parseShape('full-200x2-k2'), { iterations: 3 });
    good = {
      secondsPerIteration: [0.25],
      lowerBound: file.expected.lowerBounds[3],
      lowerBoundIndex: 3,
      peakBytes: 100,
    };
  });

  test('a wrong answer has no time, whatever it says', async () => {
    const off = file.expected.lowerBounds[3] + 2e-5;
    const [right, wrong, nothing, index] = await runPeers({
      folder,
      peers: [
        fake('right', good),
        fake('wrong', { ...good, lowerBound: off }),
        fake('nothing', { ...good, lowerBound: null }),
        fake('index', { ...good, lowerBoundIndex: 0 }),
      ],
    });
    expect(right).toMatchObject({ peer: 'right', right: true, secondsPerIteration: [0.25] });
    for (const answer of [wrong, nothing, index]) {
      expect(answer.right, answer.peer).toBe(false);
      expect(answer.secondsPerIteration, answer.peer).toBeUndefined();
    }
  });

  test('float32 may round a large bound; this library may not', async () => {
    const far = folderOf('far');
    const { expected } = await writeProblem(far, parseShape('full-200x2-k2'), { iterations: 1 });
    const about = read(far, 'problem.json');
    about.expected = { ...expected, lowerBounds: [-400, -400] };
    writeFileSync(join(far, 'problem.json'), JSON.stringify(about));
    const off = { ...good, precision: 'float32', lowerBound: -400 - 2e-5, lowerBoundIndex: 1 };
    const answers = await runPeers({
      folder: far,
      peers: [
        fake('rounded', off),
        fake('wrong', { ...off, lowerBound: -400 - 3e-5 }),
        fake('double', { ...off, precision: 'float64' }),
        fake('webgpu-em webgpu', off),
      ],
    });
    expect(answers.map(({ right }) => right)).toEqual([true, false, false, false]);
  });

  test('one that is not there, fails, prints no JSON or would take too long costs the others nothing', async () => {
    const missing: Peer = { ...fake('missing', good), command: ['no-such-program'] };
    const answers = await runPeers({
      folder,
      peers: [
        missing,
        fake('broken', good, 'throw new TypeError("it broke");'),
        fake('chatter', 'hello'),
        { ...fake('large', good), largest: 100 },
        fake('last', good),
      ],
    });
    expect(answers.map(({ error }) => error)).toEqual([
      'absent: no no-such-program',
      expect.stringContaining('no answer (1): Node.js'),
      'no answer (0): hello',
      expect.stringContaining('left out'),
      undefined,
    ]);
    expect(answers[0].absent).toBe(true);
  });

  test('rounds go forth and back, their times are put together, and what failed is not asked again', async () => {
    const order = join(root, 'order.txt');
    const note = (name: string): string =>
      `import { appendFileSync } from 'node:fs'; appendFileSync(${JSON.stringify(order)}, '${name} ');`;
    const [first, second, failed] = await runPeers({
      folder,
      repetitions: 2,
      rounds: 2,
      peers: [
        fake('first', good, note('first')),
        fake('second', good, note('second')),
        fake('failed', 'hello', note('failed')),
      ],
    });
    expect(readFileSync(order, 'utf8').trim()).toBe('first second failed second first');
    expect(first.secondsPerIteration).toEqual([0.25, 0.25]);
    expect(second.peakBytes).toBe(100);
    expect(failed.error).toContain('no answer');
  });

  test('a program that takes too much time or memory is ended', async () => {
    const { command } = fake('endless', good, 'await new Promise((go) => setTimeout(go, 60_000));');
    const greedy = await runProgram(command!, { seconds: 60, memory: 1e6 });
    expect(greedy.error).toMatch(/ended at .* GiB of memory/);
    const slow = await runProgram(command!, { seconds: 0.5 });
    expect(slow.error).toBe('ended after 0.5 s');
  });

  test('this library’s reference and npm’s gaussian-mixture-model give the same bound', async () => {
    const which = ['webgpu-em cpu', 'gaussian-mixture-model'];
    const answers = await runPeers({ folder, which, repetitions: 2, peers: [...OWN, ...PEERS] });
    expect(answers.map(({ peer }) => peer)).toEqual(which);
    for (const { right, error, secondsPerIteration, peakBytes } of answers) {
      expect(right, error).toBe(true);
      expect(secondsPerIteration?.length).toBe(2);
      expect(peakBytes).toBeGreaterThan(1e7);
    }
  });

  test('npm’s ml-kmeans comes to the same inertia', async () => {
    const clusters = folderOf('clusters');
    await writeProblem(clusters, parseShape('kmeans-200x3-k4'), { iterations: 2 });
    const [answer] = await runPeers({ folder: clusters, which: ['ml-kmeans'] });
    expect(answer.right, answer.error).toBe(true);
  });

  test('a peer in another language is right, or says that it is absent', async () => {
    const which = PEERS.flatMap(({ name, script }) => (script === undefined ? [] : [name]));
    const answers = await runPeers({ folder, which, repetitions: 1, threads: 1, gpu: false });
    expect(answers.length).toBeGreaterThan(5);
    for (const { peer, absent, right, error } of answers) {
      expect(absent === true || right === true, `${peer}: ${error}`).toBe(true);
    }
  });

  test('the table puts the fastest first, shows no time of a wrong one, and lists what is absent', async () => {
    const slow = { ...good, secondsPerIteration: [1, 3, 2] };
    const answers = await runPeers({
      folder,
      peers: [
        fake('slow', { ...slow, precision: 'float32', device: 'cpu', threads: 2 }),
        fake('quick', { ...good, precision: 'float64', device: 'cpu', threads: 1 }),
        fake('wrong', { ...good, lowerBound: 7, precision: 'float64', device: 'a GPU' }),
        { ...fake('missing', good), command: ['no-such-program'] },
      ],
    });
    const stamp = {
      date: '2026-01-02T03:04:05Z',
      commit: 'abc1234',
      node: '20.0.0',
      os: 'Linux',
      processor: 'a processor',
      cores: 2,
      load: 0,
      memoryBytes: 1e9,
      nvidia: [{ name: 'a card', driver: '1.2', memory: '3 MiB' }],
    };
    const shape = parseShape('full-200x2-k2');
    const rows = [{ shape, iterations: 3, checkedBy: 'cpu' as const, answers }];
    const text = peersToMarkdown({ version: 1, stamp, threads: 2, gpu: true, rows });
    const lines = text.split('\n').filter((line) => /^\| (slow|quick|wrong|missing)/.test(line));
    expect(lines.map((line) => line.split(' | ')[0])).toEqual(['| quick', '| slow', '| wrong']);
    expect(lines[1]).toContain('| 2,000 | 1,000 to 3,000 | 8.00 |');
    expect(lines[2]).toMatch(/a GPU \| – \|.*WRONG/);
    expect(text).toContain('- missing: no no-such-program');
    expect(text).toContain('a card (driver 1.2)');
  });
});
