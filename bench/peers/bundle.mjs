// Sources as one file for Node.
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
    logLevel: 'error',
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
