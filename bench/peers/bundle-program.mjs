// program.ts as one file, so that what is measured has none of the bundler in its memory: writes it and prints its path.
import { mkdtempSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleForNode } from './bundle.mjs';

// inside the checkout, where Node finds the package webgpu
const cache = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url));
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'webgpu-em-'));
await bundleForNode('bench/peers/program.ts', folder, 'program.mjs');
// at once: another process may be running the one that is there
const path = join(cache, 'webgpu-em-program.mjs');
renameSync(join(folder, 'program.mjs'), path);
rmSync(folder, { recursive: true });
console.log(path);
