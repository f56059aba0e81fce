import { execFile } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Where the run's page is built; tests run in processes that inherit it. */
const FOLDER = 'WEBGPU_EM_PAGE_FOLDER';

/** Once before the tests of a run: a folder for the page, which is built when the first of them asks for it. */
export async function setup(): Promise<() => Promise<void>> {
  const folder = await newFolder();
  return () => rm(folder, { recursive: true, force: true });
}

async function newFolder(): Promise<string> {
  return (process.env[FOLDER] = await mkdtemp(join(tmpdir(), 'webgpu-em-page-')));
}

/** By what is no test run, such as screenshots.mjs: gone when the process ends. */
async function ownFolder(): Promise<string> {
  const folder = await newFolder();
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * The page as `npm run build:page` builds it, with Vite's manifest. A dozen test files look at it and a build takes seconds: it is
 * built once a run, by whoever comes first.
 */
export async function builtPage(): Promise<string> {
  const folder = process.env[FOLDER] ?? (await ownFolder());
  const [site, done] = [join(folder, 'site'), join(folder, 'done')];
  const isFirst = await mkdir(join(folder, 'begun')).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
  if (!isFirst) {
    while (!existsSync(done)) await later(100);
    if (!existsSync(join(site, '.vite', 'manifest.json'))) throw new Error('No page was built.');
    return site;
  }
  try {
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
    const words = ['build', '--outDir', site, '--emptyOutDir', '--manifest', '--logLevel', 'warn'];
    // without what a test runner says of its environment
    const { NODE_ENV: _, VITEST: _runner, ...env } = process.env;
    await promisify(execFile)(process.execPath, [vite, ...words], { cwd: root, env });
  } finally {
    await writeFile(done, '');
  }
  return site;
}
