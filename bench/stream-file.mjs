// `npm run bench:stream-file -- [--gigabytes 4] [--small 0.25] [--features 16] [--components 4] [--covariance diag] [--iterations 3]
// [--repetitions 3] [--backend cpu] [--folder DIR] [--out NAME]`: what a fit of a file beyond memory costs, through the built
// command (`npm run build` first). A file of plain float32 is made in DIR and deleted afterwards. Peak memory is the process' own
// (getrusage), less that of a Node process that does nothing.
//
// Time: a file that fits memory, fitted from memory and as a stream in turn, whole fits with the reading of the file in both. Memory:
// a file of so many gigabytes, as a stream. Results go to bench/results/NAME.json and .md where --out is given.
import { spawn } from 'node:child_process';
import { existsSync, statfsSync, writeFileSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { stampOf } from './stamp.mjs';

const GIGABYTE = 1e9;
const root = fileURLToPath(new URL('../', import.meta.url));
const cli = join(root, 'dist', 'cli.js');

const { values: given } = parseArgs({
  options: {
    gigabytes: { type: 'string', default: '1' },
    small: { type: 'string', default: '0.25' },
    features: { type: 'string', default: '16' },
    components: { type: 'string', default: '4' },
    covariance: { type: 'string', default: 'diag' },
    iterations: { type: 'string', default: '3' },
    repetitions: { type: 'string', default: '3' },
    backend: { type: 'string', default: 'cpu' },
    folder: { type: 'string', default: tmpdir() },
    out: { type: 'string' },
  },
});
const number = (name) => Number(given[name]);
const nFeatures = number('features');
const rowBytes = 4 * nFeatures;

/** Draws around `components` centres: 8 MB of them over and over, each time moved a little. */
async function makeFile(path, bytes) {
  const rows = Math.floor((8 * 2 ** 20) / rowBytes);
  const base = new Float32Array(rows * nFeatures);
  for (let n = 0; n < rows; n++) {
    const centre = n % number('components');
    for (let d = 0; d < nFeatures; d++) {
      const normal =
        Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(6.283185 * Math.random());
      base[n * nFeatures + d] = normal + 3 * (((centre + 1) * (d + 3)) % 5);
    }
  }
  const block = new Float32Array(base.length);
  const file = await open(path, 'w');
  const nSamples = Math.floor(bytes / rowBytes);
  for (let done = 0; done < nSamples; done += rows) {
    const shift = (done % 1009) / 1e5;
    for (let i = 0; i < block.length; i++) block[i] = base[i] + shift;
    const count = Math.min(rows, nSamples - done);
    await file.write(new Uint8Array(block.buffer, 0, count * rowBytes));
  }
  await file.close();
  return nSamples;
}

/** Runs Node, and gives what it prints and its peak memory in bytes. */
function run(words) {
  const atExit = `process.on('exit', () => require('node:fs').writeSync(3, String(process.resourceUsage().maxRSS)))`;
  const script = `data:text/javascript,import { createRequire } from 'node:module'; const require = createRequire('file:///'); ${encodeURIComponent(atExit)}`;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', script, ...words], {
      stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
    });
    let text = '';
    let peak = '';
    child.stdout.on('data', (part) => (text += part));
    child.stdio[3].on('data', (part) => (peak += part));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0
        ? resolve({ text, peakBytes: Number(peak) * 1024 })
        : reject(new Error(`exit ${code}`)),
    );
  });
}

async function fit(path, memoryLimit) {
  const words = [
    'fit',
    path,
    '--features',
    nFeatures,
    '-k',
    number('components'),
    '--covariance',
    given.covariance,
  ];
  // (k-means|| looks at all samples in memory six times, and at a stream's sketch: it would favour the stream)
  const start = ['--init', 'random_from_data'];
  const limits = ['--max-iter', number('iterations'), '--tol', 0, '--memory-limit', memoryLimit];
  const started = performance.now();
  const { text, peakBytes } = await run(
    [cli, ...words, ...start, ...limits, '--backend', given.backend, '--json', '--quiet'].map(
      String,
    ),
  );
  const { seconds, lowerBound, nSamples, backend } = JSON.parse(text);
  const wall = (performance.now() - started) / 1000;
  return { seconds, wall, peakBytes, lowerBound, nSamples, backend };
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)];

if (!existsSync(cli)) throw new Error('Build first: npm run build.');
const folder = await mkdtemp(join(given.folder, 'webgpu-em-stream-'));
try {
  const wanted = Math.max(number('gigabytes'), number('small')) * GIGABYTE;
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < 1.1 * wanted) throw new Error(`${folder} has no room for ${wanted} bytes.`);
  const path = join(folder, 'x.f32');
  const runtime = (await run(['-e', ''])).peakBytes;

  const nSmall = await makeFile(path, number('small') * GIGABYTE);
  const runs = { memory: [], stream: [] };
  for (let r = 0; r < number('repetitions'); r++) {
    runs.memory.push(await fit(path, '64G'));
    runs.stream.push(await fit(path, '1M'));
  }
  const perSample = (list) => median(list.map(({ seconds }) => seconds)) / nSmall;
  const peak = (list) => Math.max(...list.map(({ peakBytes }) => peakBytes)) - runtime;
  const ratios = runs.memory.map((one, i) => runs.stream[i].seconds / one.seconds);
  const nLarge = await makeFile(path, number('gigabytes') * GIGABYTE);
  const large = await fit(path, '256M');
  const result = {
    stamp: { ...stampOf('', large.backend.adapter ?? 'CPU'), browser: null },
    backend: large.backend.reason,
    shape: {
      nFeatures,
      nComponents: number('components'),
      covariance: given.covariance,
      iterations: number('iterations'),
    },
    runtimeBytes: runtime,
    small: {
      nSamples: nSmall,
      bytes: nSmall * rowBytes,
      memory: {
        secondsPerSample: perSample(runs.memory),
        peakBytesBeyondRuntime: peak(runs.memory),
      },
      stream: {
        secondsPerSample: perSample(runs.stream),
        peakBytesBeyondRuntime: peak(runs.stream),
      },
      ratio: median(ratios),
      ratios,
      boundDifference: Math.abs(runs.stream[0].lowerBound - runs.memory[0].lowerBound),
    },
    large: {
      nSamples: nLarge,
      bytes: nLarge * rowBytes,
      seconds: large.seconds,
      wall: large.wall,
      secondsPerSample: large.seconds / nLarge,
      peakBytesBeyondRuntime: large.peakBytes - runtime,
      lowerBound: large.lowerBound,
    },
  };
  const text = markdown(result);
  console.log(text);
  if (given.out !== undefined) {
    const base = join(root, 'bench', 'results', given.out);
    writeFileSync(`${base}.json`, `${JSON.stringify(result, undefined, 2)}\n`);
    writeFileSync(`${base}.md`, text);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

function markdown({ stamp, backend, shape, runtimeBytes, small, large }) {
  const mb = (bytes) => (bytes / 1e6).toFixed(0);
  const ns = (seconds) => (seconds * 1e9).toFixed(0);
  const row = (name, n, bytes, one) =>
    `| ${name} | ${n} | ${mb(bytes)} | ${ns(one.secondsPerSample)} | ${mb(one.peakBytesBeyondRuntime)} |`;
  return `# A fit of a file beyond memory

Measured ${stamp.date} at commit ${stamp.commit}, Node ${stamp.node}, ${stamp.processor}, ${stamp.cores} cores, ${stamp.os}. ${backend}
D = ${shape.nFeatures}, K = ${shape.nComponents}, ${shape.covariance}, starts at random samples and ${shape.iterations} iterations; times are of whole fits, the reading of the file with them.
Memory is the process' peak less the ${mb(runtimeBytes)} MB of a Node process that does nothing.

| | samples | file, MB | ns a sample | peak memory, MB |
| --- | --- | --- | --- | --- |
${row('from memory', small.nSamples, small.bytes, small.memory)}
${row('as a stream', small.nSamples, small.bytes, small.stream)}
${row('as a stream', large.nSamples, large.bytes, large)}

Stream over memory, in turn: ${small.ratios.map((ratio) => ratio.toFixed(2)).join(', ')}; median ${small.ratio.toFixed(2)}. Lower bounds differ by ${small.boundDifference.toExponential(1)} a sample.
`;
}
