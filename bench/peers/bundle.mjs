// program.ts as one file for Node, so that what is measured has none of the bundler in its memory.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** An entry and all that it imports as `folder`/`name`; optional packages stay imports. */
export async function bundleForNode(entry, folder, name) {
  await build({
    root,
    configFile: join(root, 'vite.config.ts'),
    mode: 'sources',
    logLevel: 'warn',
    ssr: { noExternal: true, external: ['webgpu'] },
    build: {
      ssr: join(root, entry),
      outDir: folder,
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      rolldownOptions: { output: { entryFileNames: name, codeSplitting: false } },
    },
  });
}

let path;

/** Bundled once in this process, and removed when it ends. */
export function bundledProgram() {
  path ??= (async () => {
    // inside the checkout, where Node finds the package webgpu
    const folder = mkdtempSync(join(root, 'node_modules/.webgpu-em-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    await bundleForNode('bench/peers/program.ts', folder, 'program.mjs');
    return join(folder, 'program.mjs');
  })();
  return path;
}
