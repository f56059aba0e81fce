// `npm run bench:pack`: one archive with a Node, the npm package webgpu's add-on, the built library and the benchmark in one file,
// which runs on a bare Linux x64 machine with a Vulkan driver: ./bench.sh --out results.json.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { bundleForNode } from '../peers/bundle.mjs';
import { commit } from '../stamp.mjs';
import { nodeLicence, README } from './texts.mjs';

const ENTRY = 'bench/kit/entry.ts';
const USAGE = `Usage: npm run bench:pack -- [--out FILE] [--folder FOLDER] [--entry FILE] [--help]
  --out FILE       the archive (default: webgpu-em-bench-linux-x64.tgz)
  --folder FOLDER  the kit as a folder, in place of an archive
  --entry FILE     a module in the repository whose \`run(words)\` bench.sh calls (default: ${ENTRY})`;
const NAME = 'webgpu-em-bench';
/** The archive has to pass where a mail or an upload does. */
const MOST_BYTES = 60e6;
/** Of bench/peers, what another program reads; the rest is in the bundles. */
const PEER_FILES = /\.(py|cpp)$/;

const root = fileURLToPath(new URL('../../', import.meta.url));

process.exitCode = await main();

async function main() {
  let options;
  try {
    options = parseArgs({
      options: {
        out: { type: 'string' },
        folder: { type: 'string' },
        entry: { type: 'string' },
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
    await pack(options);
    return 0;
  } catch (error) {
    console.error(`FAILED: ${error.message}`);
    return 1;
  }
}

async function pack({ out = join(root, `${NAME}-linux-x64.tgz`), folder, entry = ENTRY }) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `The kit is for Linux x64 and carries the Node that packs it, which is for ${process.platform} ${process.arch}: pack it on Linux x64, in a container for instance.`,
    );
  }
  if (folder !== undefined) {
    await fill(resolve(folder), entry);
    console.log(`Written: ${folder}`);
    return;
  }
  const staging = mkdtempSync(join(tmpdir(), `${NAME}-`));
  try {
    await fill(join(staging, NAME), entry);
    archive(staging, resolve(out));
  } finally {
    rmSync(staging, { recursive: true });
  }
  const bytes = statSync(out).size;
  if (bytes > MOST_BYTES) {
    rmSync(out);
    throw new Error(`The archive has ${bytes} bytes, above the ${MOST_BYTES} that it may have.`);
  }
  console.log(`Written: ${relative('', resolve(out))}, ${(bytes / 1e6).toFixed(1)} MB`);
}

/** Lays the kit out in a folder that is not there yet or empty. */
async function fill(folder, entry) {
  const put = (from, to) => {
    if (!existsSync(from)) throw new Error(`${relative(root, from)} is missing: run npm ci.`);
    mkdirSync(dirname(join(folder, to)), { recursive: true });
    cpSync(from, join(folder, to), { recursive: true, dereference: true });
  };
  const write = (to, text) => writeFileSync(join(folder, to), text);
  const json = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));

  const webgpu = 'node_modules/webgpu';
  put(process.execPath, 'bin/node');
  for (const part of ['package.json', 'index.js', 'LICENSE.md', 'dist/linux-x64/dawn.node']) {
    put(join(root, webgpu, part), join(webgpu, part));
  }
  for (const part of ['bench.sh', 'start.mjs', 'run.mjs', 'machine.mjs'])
    put(join(here(), part), part);
  for (const part of ['package.json', 'LICENSE']) {
    put(join(root, part), join('node_modules/webgpu-em', part));
  }
  put(join(root, 'LICENSE'), 'licences/webgpu-em.txt');
  put(join(root, webgpu, 'LICENSE.md'), 'licences/webgpu-and-dawn.txt');
  write('licences/node.txt', nodeLicence(process.execPath, process.version));
  write('README.txt', README);
  putPeers(folder);

  for (const mode of ['library', 'io', 'command']) {
    const outDir = join(folder, 'node_modules/webgpu-em/dist');
    await build({ root, mode, logLevel: 'warn', build: { outDir, emptyOutDir: false } });
  }
  await bundleForNode(entry, folder, 'bench.mjs');
  await bundleForNode('bench/peers/program.ts', join(folder, 'peers'), 'program.mjs');
  const { version } = json('package.json');
  const kit = {
    version,
    commit: commit(),
    packed: new Date().toISOString(),
    node: process.versions.node,
    webgpu: json(`${webgpu}/package.json`).version,
    entry,
  };
  write('kit.json', `${JSON.stringify(kit, null, 2)}\n`);
}

/** The scripts that a machine with their programs can run. */
function putPeers(folder) {
  const from = join(root, 'bench/peers');
  if (!existsSync(from)) return;
  cpSync(from, join(folder, 'peers'), {
    recursive: true,
    filter: (path) => statSync(path).isDirectory() || PEER_FILES.test(path),
  });
}

/** By the system's tar, which says of a file no more than its name and contents: two packings of a commit differ in their date alone. */
function archive(staging, out) {
  mkdirSync(dirname(out), { recursive: true });
  const plain = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@0'];
  execFileSync(
    'tar',
    ['--create', '--gzip', '--file', out, '--directory', staging, ...plain, NAME],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
}

function here() {
  return dirname(fileURLToPath(import.meta.url));
}
