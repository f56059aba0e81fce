// What a result was measured on, as far as a program without the adapter can tell.
import { spawnSync } from 'node:child_process';
import { arch, availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';

/** Processor, cores, load, memory, Node, system and, where NVIDIA's own tool is there, its GPUs with their driver. */
export function machine() {
  return {
    node: process.versions.node,
    os: `${type()} ${release()} ${arch()}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown processor',
    cores: availableParallelism(),
    // what else the machine did in the minute before: cores that were busy
    load: Number(loadavg()[0].toFixed(1)),
    memoryBytes: totalmem(),
    ...nvidia(),
  };
}

/** `{ nvidia: [{ name, driver, memory }] }`; nothing where there is no nvidia-smi, a sentence where it fails. */
function nvidia() {
  const { error, status, stdout, stderr } = spawnSync(
    'nvidia-smi',
    ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader'],
    { encoding: 'utf8', timeout: 20_000 },
  );
  if (error?.code === 'ENOENT') return {};
  if (error !== undefined || status !== 0) {
    const said = error?.message ?? `${stdout}${stderr}`.trim();
    return { nvidia: `nvidia-smi failed: ${said}` };
  }
  const lines = stdout.trim().split('\n');
  return {
    nvidia: lines.map((line) => {
      const [name, driver, memory] = line.split(', ');
      return { name, driver, memory };
    }),
  };
}
