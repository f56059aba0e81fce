import { execFileSync } from 'node:child_process';
import { arch, availableParallelism, cpus, loadavg, release, type } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Where, when and with what it is measured. @param version the browser's */
export function stampOf(version, adapter, packedFrom) {
  return {
    date: new Date().toISOString(),
    commit: packedFrom ?? commit(),
    adapter,
    browser: `Chromium ${version}, headless`,
    node: process.versions.node,
    os: `${type()} ${release()} ${arch()}`,
    processor: cpus()[0]?.model ?? 'unknown processor',
    cores: availableParallelism(),
    // what else the machine did in the minute before: cores that were busy
    load: Number(loadavg()[0].toFixed(1)),
  };
}

export function commit() {
  // A kit that was packed elsewhere says what it was packed from.
  if (process.env.WEBGPU_EM_COMMIT) return process.env.WEBGPU_EM_COMMIT;
  const git = (...words) =>
    execFileSync('git', words, { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim();
  try {
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') && ', dirty');
  } catch (error) {
    // Outside a checkout the numbers are still worth having, but nobody can tell what they belong to.
    console.error(`No commit to name: ${error.message.split('\n')[0]}`);
    return 'unknown';
  }
}
