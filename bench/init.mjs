// `npm run bench:init`: what each kind of start costs beside an EM iteration, on the CPU side and on WebGPU in headless Chromium,
// and how well it chose beside scikit-learn (bench/init-peer.json). Exits with 1 where there is no browser or adapter, or where a
// start chose badly or took too long.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { load, openBrowser } from './host.mjs';
import { stampOf } from './stamp.mjs';

const USAGE = `Usage: npm run bench:init -- [--quick] [--out FOLDER] [--samples FILE] [--help]
  --quick         a small shape only, compared with the CPU side in place of scikit-learn
  --out FOLDER    where the figures go (default: bench/results)
  --samples FILE  only write the samples, float32, for bench/init-peer.py
WEBGPU_EM_ADAPTER=hardware runs on the machine's GPU, else on the software adapter.`;

const here = dirname(fileURLToPath(import.meta.url));

process.exitCode = await main();

async function main() {
  let options;
  try {
    options = parseArgs({
      options: {
        quick: { type: 'boolean' },
        out: { type: 'string' },
        samples: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    console.error(`${error.message}\n${USAGE}`);
    return 2;
  }
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  try {
    return await bench(options);
  } catch (error) {
    console.error(`FAILED: ${error.message}`);
    if (error.hint !== undefined) console.error(error.hint);
    return 1;
  }
}

async function bench({ quick = false, out = join(here, 'results'), samples }) {
  const { MILLION, QUICK, drawFor, ON_SOFTWARE } = await load('bench/init.ts');
  if (samples !== undefined) {
    writeFileSync(samples, new Uint8Array(drawFor(MILLION).samples.data.buffer));
    return 0;
  }
  const { failuresOf, toMarkdown } = await load('bench/init-report.ts');
  const peerFile = join(here, 'init-peer.json');
  const peer =
    quick || !existsSync(peerFile) ? undefined : JSON.parse(readFileSync(peerFile, 'utf8'));
  const wanted = process.env.WEBGPU_EM_ADAPTER === 'hardware' ? 'hardware' : 'software';
  const browser = await openBrowser('bench/init-page.ts', wanted);
  try {
    const adapter = await browser.inPage((page) =>
      page.evaluate(() => globalThis.webgpuEmInit.findAdapter()),
    );
    if (adapter.reason !== undefined) throw new Error(adapter.reason);
    if (wanted === 'hardware' && adapter.software) {
      throw new Error(
        `A hardware adapter was asked for, but this browser has only ${adapter.name}.`,
      );
    }
    const stamp = stampOf(browser.version, adapter);
    const shape = quick ? QUICK : adapter.software ? { ...MILLION, ...ON_SOFTWARE } : MILLION;
    const figures = await browser.inPage((page) => measure(page, shape));
    const markdown = toMarkdown(stamp, shape, figures, peer);
    const failures = failuresOf(figures, peer);
    const name = adapter.name.replace(/ *\(.*/, '') || adapter.name;
    const slug = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
    const path = join(out, `init-${stamp.date.slice(0, 10)}-${slug}`);
    mkdirSync(out, { recursive: true });
    const result = { version: 1, stamp, shape, figures, peer, failures };
    writeFileSync(`${path}.json`, `${JSON.stringify(result, null, 2)}\n`);
    writeFileSync(`${path}.md`, markdown);
    console.log(markdown);
    for (const failure of failures) console.error(`FAILED: ${failure}`);
    return failures.length === 0 ? 0 : 1;
  } finally {
    await browser.close();
  }
}

/** Every kind of start beside an EM iteration, in turn on both sides; the first round compiles and is not counted. */
async function measure(page, shape) {
  const { SIDES, KINDS } = await load('bench/init.ts');
  const ask = (name, ...given) =>
    page.evaluate(
      ([method, values]) => globalThis.webgpuEmInit.current[method](...values),
      [name, given],
    );
  await page.evaluate((one) => globalThis.webgpuEmInit.open(one), shape);
  const figures = Object.fromEntries(
    SIDES.map((side) => [
      side,
      { iteration: [], starts: Object.fromEntries(KINDS.map((kind) => [kind, []])) },
    ]),
  );
  for (let round = 0; round <= shape.repetitions; round++) {
    for (const side of round % 2 === 0 ? SIDES : SIDES.toReversed()) {
      const own = figures[side];
      const iteration = await ask('iteration', side);
      console.error(`  ${side}, round ${round}: an iteration ${iteration.toFixed(0)} ms`);
      if (round > 0) own.iteration.push(iteration);
      // (the kernels of the others are compiled by then)
      for (const kind of round > 0 ? KINDS : ['k-means++']) {
        const milliseconds = await ask('start', side, kind, round);
        console.error(`    ${kind} ${milliseconds.toFixed(0)} ms`);
        if (round > 0) own.starts[kind].push(milliseconds);
      }
    }
  }
  for (const side of SIDES) {
    figures[side].potentials = await ask('potentials', side);
    console.error(`  ${side}: potentials of ${shape.seeds} seeds`);
  }
  return figures;
}
