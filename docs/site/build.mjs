// `npm run docs:build`: installs the generator where it is not installed as its lock file says, has TypeDoc write docs/api, and builds the
// site to dist-page/docs, beside the pages (or to the folder given). A dead link fails it.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const site = dirname(fileURLToPath(import.meta.url));
const [outDir] = process.argv.slice(2);

if (!isInstalled()) run('npm', ['ci', '--no-audit', '--no-fund'], process.platform === 'win32');
const require = createRequire(import.meta.url);
run(process.execPath, [bin('typedoc', 'bin/typedoc')]);
run(process.execPath, [
  bin('vitepress', 'bin/vitepress.js'),
  'build',
  ...(outDir === undefined ? [] : ['--outDir', outDir]),
]);

/** Whether what npm last installed is what the lock file names. */
function isInstalled() {
  const installed = join(site, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const packages = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  const there = packages(installed);
  return Object.entries(packages(join(site, 'package-lock.json'))).every(
    ([name, { version, optional }]) =>
      name === '' || optional === true || there[name]?.version === version,
  );
}

function bin(name, file) {
  return join(dirname(require.resolve(`${name}/package.json`)), file);
}

function run(program, words, shell = false) {
  const { status, error } = spawnSync(program, words, { cwd: site, stdio: 'inherit', shell });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
