import { execFile, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const packer = join(root, 'bench/kit/pack.mjs');
const folder = mkdtempSync(join(tmpdir(), 'webgpu-em-kit-'));
const kit = join(folder, 'webgpu-em-bench');

const packable = process.platform === 'linux' && process.arch === 'x64';

beforeAll(async () => {
  if (!packable) return;
  const archive = join(folder, 'kit.tgz');
  await promisify(execFile)(process.execPath, [packer, '--out', archive]);
  spawnSync('tar', ['--extract', '--file', archive, '--directory', folder]);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** bench.sh with nothing in its environment, not even a PATH, called from another folder. */
function run(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(join(kit, 'bench.sh'), words, { cwd: folder, env: {}, encoding: 'utf8' });
}

// elsewhere there is no Node to pack: the last test holds that this is said
describe.runIf(packable)('the benchmark kit', () => {
  test('holds a Node, the add-on, the library, the benchmark and the licences of all', () => {
    for (const file of [
      'bin/node',
      'bench.mjs',
      'node_modules/webgpu/dist/linux-x64/dawn.node',
      'node_modules/webgpu-em/dist/index.js',
      'licences/node.txt',
      'licences/webgpu-and-dawn.txt',
      'licences/webgpu-em.txt',
    ]) {
      expect(existsSync(join(kit, file)), file).toBe(true);
    }
    const { commit, node } = JSON.parse(readFileSync(join(kit, 'kit.json'), 'utf8'));
    expect(commit).toMatch(/^[0-9a-f]{7}|^unknown/);
    expect(node).toBe(process.versions.node);
  });

  test('says how it is used, without Vulkan', () => {
    const { status, stdout } = run('--help');
    expect(status).toBe(0);
    expect(stdout).toContain('./bench.sh --out results.json');
  });

  test('measures the CPU sides in an empty environment, and stamps the result', () => {
    const { status, stderr } = run(
      ...'--cpu --quick --rows full-2000x2-k3 --out results.json'.split(' '),
    );
    expect(status, stderr).toBe(0);
    const { stamp, rows } = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8'));
    expect(rows.length).toBe(1);
    expect(rows[0].sides[0]).toMatchObject({ side: 'cpu', right: true });
    expect(stamp.kit.commit).toBe(stamp.commit);
    expect(stamp).toMatchObject({ node: process.versions.node, cores: expect.any(Number) });
    expect(readdirSync(folder).toSorted()).toEqual([
      'kit.tgz',
      'results.json',
      'results.md',
      'webgpu-em-bench',
    ]);
  });

  test('says in a sentence what to do where its Node does not start', () => {
    const broken = join(folder, 'broken');
    cpSync(join(kit, 'bench.sh'), join(broken, 'bench.sh'), { recursive: true });
    const { status, stderr } = spawnSync(join(broken, 'bench.sh'), { encoding: 'utf8' });
    rmSync(broken, { recursive: true });
    expect(status).toBe(1);
    expect(stderr).toContain('apt-get install libstdc++6');
  });
});

test('is not packed from an entry that is not there, nor where there is no Node for Linux x64', async () => {
  await expect(
    promisify(execFile)(process.execPath, [packer, '--entry', 'none.ts', '--out', 'none.tgz']),
  ).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(/none\.ts|for Linux x64/) });
});
