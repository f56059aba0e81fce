// Started by bench.sh, in the kit: looks for Vulkan, runs the benchmark with the arguments it was given, and adds to its results
// what they were measured on.
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { machine } from './machine.mjs';

const here = fileURLToPath(new URL('./', import.meta.url));
const words = process.argv.slice(2);
const kit = JSON.parse(readFileSync(join(here, 'kit.json'), 'utf8'));

process.exitCode = main();

function main() {
  if (words.includes('--help')) {
    console.log(`webgpu-em ${kit.version}, commit ${kit.commit}, on Node ${kit.node} with Dawn (webgpu ${kit.webgpu}).
./bench.sh --out results.json measures; --cpu needs no Vulkan. The benchmark's own help:
`);
  } else if (needsVulkan()) {
    const missing = vulkanTrouble();
    if (missing !== undefined) {
      console.error(missing);
      return 1;
    }
  }
  const started = Date.now();
  const { status, signal, error } = spawnSync(process.execPath, [join(here, 'run.mjs'), ...words], {
    stdio: 'inherit',
    env: {
      ...process.env,
      WEBGPU_EM_COMMIT: kit.commit,
      WEBGPU_EM_KIT: join(here, 'kit.json'),
      WEBGPU_EM_PEERS: join(here, 'peers'),
    },
  });
  if (error !== undefined) throw error;
  if (signal !== null) console.error(`The benchmark was ended by ${signal}.`);
  const out = outOf(words);
  const written = out.endsWith('.json') ? statSync(out, { throwIfNoEntry: false }) : undefined;
  if (written !== undefined && written.mtimeMs >= started) addStamp(out);
  return status ?? 1;
}

/** Peers on the CPU, as all else with --cpu, do without. */
function needsVulkan() {
  return words[0] === 'peers' ? words.includes('--gpu') : !words.includes('--cpu');
}

/** What to install, where the loader of Vulkan is not to be had; the very search that Dawn does. */
function vulkanTrouble() {
  try {
    process.dlopen({ exports: {} }, 'libvulkan.so.1');
  } catch (error) {
    // found and loaded, it is no add-on for Node: "Module did not self-register"
    if (!/cannot open shared object file/.test(error.message)) return undefined;
    return `There is no Vulkan loader (libvulkan.so.1) on this machine: install it (Debian and Ubuntu: apt-get install libvulkan1; Fedora: dnf install vulkan-loader; Arch: pacman -S vulkan-icd-loader) and the driver of the GPU, or measure the CPU sides alone with --cpu.`;
  }
  return undefined;
}

/** FILE of --out FILE or --out=FILE; the benchmark's default without. */
function outOf(all) {
  const joined = all.find((word) => word.startsWith('--out='));
  if (joined !== undefined) return joined.slice('--out='.length);
  const at = all.indexOf('--out');
  return (at < 0 ? undefined : all[at + 1]) ?? 'results.json';
}

function addStamp(path) {
  const result = JSON.parse(readFileSync(path, 'utf8'));
  result.stamp = { ...machine(), ...result.stamp, commit: kit.commit, kit };
  writeFileSync(path, `${JSON.stringify(result, null, 2)}\n`);
}
