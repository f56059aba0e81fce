// `npm run bench`: what the adapter can do, then shape after shape the time of an iteration on the CPU, on CPU threads and on
// WebGPU in headless Chromium, each beside its check, and the gates; JSON and Markdown. WEBGPU_EM_ADAPTER=hardware uses the
// machine's GPU, else it is the software adapter. It exits with 1 where there is no browser or adapter, where a shape fails or an
// answer is wrong; not for a gate that is missed.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { load, openBrowser } from './host.mjs';
import { stampOf } from './stamp.mjs';

const USAGE = `Usage: npm run bench -- [--quick] [--rows PATTERN] [--budget SECONDS] [--seconds SECONDS]
                          [--sides LIST] [--peers] [--out PATH] [--help]
  --quick           a few small shapes only
  --rows PATTERN    only shapes whose names match, such as full-1000000x8-k16 or '^diag'
  --budget SECONDS  begins no shape after so long
  --seconds SECONDS of each side's timed fits at one shape, about (default: 15, on a software adapter 30)
  --sides LIST      of cpu,threads,webgpu (default: all that can be had)
  --peers           other programs too, on the same samples, as far as they are here
  --out PATH        a folder, or a file that ends in .json (default: bench/results)
WEBGPU_EM_ADAPTER=hardware runs on the machine's GPU, else on the software adapter.`;

const here = dirname(fileURLToPath(import.meta.url));

process.exitCode = await main();

async function main() {
  let options;
  try {
    options = parseArgs({
      options: {
        quick: { type: 'boolean' },
        rows: { type: 'string' },
        budget: { type: 'string' },
        seconds: { type: 'string' },
        sides: { type: 'string' },
        peers: { type: 'boolean' },
        out: { type: 'string' },
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

async function bench({ quick = false, rows, peers, out = join(here, 'results'), ...more }) {
  const { numberOption, runSession } = await load('bench/session.ts');
  const { writeResult } = await load('bench/write-result.ts');
  const { toMarkdown } = await load('bench/report.ts');
  const [budget, seconds] = ['budget', 'seconds'].map((name) => numberOption(name, more[name]));
  const wanted = process.env.WEBGPU_EM_ADAPTER === 'hardware' ? 'hardware' : 'software';
  const runPeers = peers ? await findPeers() : undefined;
  const browser = await openBrowser(join(here, 'harness.ts'), wanted);
  /** A page of its own each time: no shape meets code that the compiler fitted to another's. */
  const call = (name, ...words) =>
    browser.inPage((page) =>
      page.evaluate(([name, words]) => globalThis.webgpuEmBench[name](...words), [name, words]),
    );
  try {
    const adapter = await call('findAdapter');
    if (adapter.reason !== undefined) throw new Error(adapter.reason);
    if (wanted === 'hardware' && adapter.software) {
      throw new Error(
        `A hardware adapter was asked for, but this browser has only ${adapter.name}.`,
      );
    }
    const stamp = stampOf(browser.version, adapter);
    console.error(
      `${stamp.browser} on ${adapter.name}, ${adapter.software ? 'software' : 'hardware'}`,
    );
    let path;
    const host = {
      stamp,
      sides: await call('findSides'),
      measureRoofline: (roughly) => call('measureRoofline', roughly),
      measureRow: (job) => call('measureRow', job),
      runPeers,
      write: (result) => (path = writeResult(out, result)),
      log: (line) => console.error(line),
    };
    const result = await runSession(host, { quick, rows, budget, seconds, sides: more.sides });
    console.log(toMarkdown(result));
    console.error(`Written: ${path}.json and .md`);
    const wrong = result.rows.flatMap(({ sides }) => sides.filter(({ right }) => right === false));
    return result.failures.length === 0 && wrong.length === 0 ? 0 : 1;
  } finally {
    await browser.close();
  }
}

/** How bench/peers asks other programs at one shape. */
async function findPeers() {
  const path = 'bench/peers/peers-at.ts';
  if (!existsSync(join(dirname(here), path)))
    throw new Error(`There is no ${path} to ask others by.`);
  const { peersAt } = await load(path);
  return peersAt;
}
