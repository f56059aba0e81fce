import { execFileSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { measureRoofline } from './micro.ts';
import { toMarkdown } from './report.ts';
import { measureRow } from './row.ts';
import { numberOption, runSession, type Host, type PeerRunner } from './session.ts';
import { findAdapter, findSides, openSide, type AdapterFound, type Surroundings } from './sides.ts';
import { stampOf } from './stamp.mjs';
import { writeResult } from './write-result.ts';

const USAGE = `Usage: bench [--out results.json] [--quick] [--rows PATTERN] [--budget SECONDS] [--seconds SECONDS]
             [--repetitions COUNT] [--sides LIST] [--threads COUNT] [--software | --cpu] [--flags LIST] [--help]
  --out PATH          a file that ends in .json, or a folder (default: results.json); Markdown goes beside it
  --quick             a few small shapes only
  --rows PATTERN      only shapes whose names match, such as full-1000000x8-k16 or '^diag'
  --budget SECONDS    begins no shape after so long
  --seconds SECONDS   of each side's timed fits at one shape, about (default: 15, on a software adapter 30)
  --repetitions COUNT timed fits of each length (default: 9)
  --sides LIST        of cpu,threads,webgpu (default: all that can be had)
  --threads COUNT     of the fast CPU side (default: as many as the machine has)
  --software          goes on where the only adapter is software, which is otherwise an error
  --cpu               the CPU sides only
  --flags LIST        for Dawn, comma-separated, such as adapter=NVIDIA,enable-dawn-features=allow_unsafe_apis`;

const OPTIONS = {
  out: { type: 'string' },
  quick: { type: 'boolean' },
  rows: { type: 'string' },
  budget: { type: 'string' },
  seconds: { type: 'string' },
  repetitions: { type: 'string' },
  sides: { type: 'string' },
  threads: { type: 'string' },
  software: { type: 'boolean' },
  cpu: { type: 'boolean' },
  flags: { type: 'string' },
  help: { type: 'boolean' },
} as const;

const NUMBERS = ['budget', 'seconds', 'repetitions', 'threads'] as const;

/** What the caller has that this process would otherwise look for. */
export interface Given {
  /** What `create([...flags])` of the npm package `webgpu` gave; by default the package is imported here. */
  readonly gpu?: GPU;
  /** The `webgpu` package's version, for the stamp. */
  readonly version?: string;
  /** Other programs on the same problem. */
  readonly runPeers?: PeerRunner;
}

/**
 * The bench without a browser: on the adapter that the npm package `webgpu` finds, and on the CPU sides. The result is written
 * after every shape, so that what ends early has still measured something.
 *
 * @param words the command line after the script's name
 * @returns the exit code: 1 where there is no adapter, a shape failed or an answer is wrong; not for a gate that is missed
 */
export async function runOnNode(words: readonly string[], given: Given = {}): Promise<number> {
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
  const numbers: Partial<Record<(typeof NUMBERS)[number], number | undefined>> = {};
  try {
    for (const name of NUMBERS) numbers[name] = numberOption(name, options[name]);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 2;
  }
  const { threads = availableParallelism(), ...limits } = numbers;
  const flags = options.flags?.split(',') ?? [];
  const gpu = options.cpu ? undefined : (given.gpu ?? (await importGpu(flags)));
  const around: Surroundings = { gpu, threads };
  const adapter = await adapterFor(around, options.software === true);
  if (adapter === undefined) return 1;

  const kit = readKit();
  const version = given.version ?? kit?.webgpu ?? '';
  const out = options.out ?? 'results.json';
  let path = '';
  const host: Host = {
    stamp: {
      ...stampOf('', adapter, kit?.commit),
      browser: `none: Node with ${gpu ? `the npm package webgpu ${version}`.trim() : 'no WebGPU'}`,
    },
    sides: (await findSides(around)).filter((side) => gpu !== undefined || side !== 'webgpu'),
    measureRoofline: gpu ? (quick) => rooflineOn(around, quick) : undefined,
    measureRow: (job) => measureRow(job, around),
    runPeers: given.runPeers,
    write: (result) => (path = writeResult(out, result)),
    log: (line) => console.error(line),
  };
  const { browser } = host.stamp;
  console.error(
    `${adapter.name}, ${adapter.software ? 'software' : 'hardware'}; browser ${browser}`,
  );
  const result = await runSession(host, {
    quick: options.quick ?? false,
    rows: options.rows,
    sides: options.sides,
    ...limits,
  });
  console.log(toMarkdown(result));
  console.error(`Written: ${path}.json and .md`);
  const wrong = result.rows.flatMap(({ sides }) => sides.filter(({ right }) => right === false));
  return result.failures.length === 0 && wrong.length === 0 ? 0 : 1;
}

/** Of the kit that this was started from, if any (bench/kit). */
function readKit(): { readonly commit: string; readonly webgpu: string } | undefined {
  const path = process.env['WEBGPU_EM_KIT'];
  return path === undefined
    ? undefined
    : (JSON.parse(readFileSync(path, 'utf8')) as { commit: string; webgpu: string });
}

async function importGpu(flags: string[]): Promise<GPU | undefined> {
  // by a name that no bundler or type checker looks up: the package need not be here
  const name = 'webgpu';
  try {
    const dawn = (await import(/* @vite-ignore */ name)) as { create(flags: string[]): GPU };
    return dawn.create(flags);
  } catch (error) {
    console.error(`No WebGPU: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** Undefined, and said, where there is none that was asked for. */
async function adapterFor(
  around: Surroundings,
  softwareAllowed: boolean,
): Promise<AdapterFound | undefined> {
  if (!around.gpu) return { name: 'no adapter', software: true };
  const found = await findAdapter(around);
  if ('reason' in found) {
    console.error(`FAILED: ${found.reason}`);
    return undefined;
  }
  if (found.software && !softwareAllowed) {
    console.error(`FAILED: there is only ${found.name}; --software measures on that.`);
    return undefined;
  }
  const driver = found.software ? undefined : driverVersion();
  return driver === undefined ? found : { ...found, driver };
}

/** As NVIDIA's tool tells it; other drivers are in the adapter's own description where anywhere. */
function driverVersion(): string | undefined {
  try {
    const words = ['--query-gpu=driver_version', '--format=csv,noheader'];
    const text = execFileSync('nvidia-smi', words, { encoding: 'utf8', stdio: 'pipe' });
    return `NVIDIA ${text.trim().split('\n')[0]}`;
  } catch {
    return undefined; // another vendor's, or none that tells
  }
}

async function rooflineOn(around: Surroundings, quick: boolean) {
  const context = await openSide('webgpu', around);
  try {
    return await measureRoofline(context.device!, context.info.software, quick);
  } finally {
    context.dispose();
  }
}

const started = process.argv[1];
if (started !== undefined && import.meta.url === pathToFileURL(realpathSync(started)).href) {
  process.exitCode = await runOnNode(process.argv.slice(2));
}
