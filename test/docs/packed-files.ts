import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';

/** The files of the package as npm packs it, by their paths in it. `folder` takes the tarball. */
export async function packedFiles(root: string, folder: string): Promise<Map<string, Buffer>> {
  // --ignore-scripts: dist/ has just been built (test/setup/build-package.ts).
  const { stdout } = await promisify(execFile)(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
    { cwd: root, shell: process.platform === 'win32' },
  );
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  return readTar(gunzipSync(await readFile(join(folder, filename))));
}

/** Files of a tar archive: headers of 512 bytes, contents filled up to the next 512 (POSIX 1003.1, ustar). */
function readTar(tar: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const text = (from: number, length: number): string =>
    tar.toString('utf8', from, from + length).replace(/\0.*$/s, '');
  for (let at = 0; at < tar.length && tar[at] !== 0;) {
    const size = parseInt(text(at + 124, 12), 8);
    const prefix = text(at + 345, 155);
    const name = (prefix === '' ? '' : `${prefix}/`) + text(at, 100);
    // npm puts all files in the folder package/
    files.set(name.replace(/^package\//, ''), tar.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}
