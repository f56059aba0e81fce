import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'vite';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Builds dist/ as `npm run build` does, once before the tests in Node: so that the tests of the package and
 * of the command never meet a stale build. Nothing is emptied: another run may be reading it.
 */
export async function setup(): Promise<void> {
  for (const mode of ['library', 'io', 'command']) {
    await build({ root, mode, logLevel: 'warn', build: { emptyOutDir: false } });
  }
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  try {
    await promisify(execFile)(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root });
  } catch (error) {
    const { stdout } = error as { stdout?: string };
    throw new Error(`The types of src/index.ts do not compile:\n${stdout ?? ''}`, { cause: error });
  }
}
