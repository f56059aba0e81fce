// `npm run bench:peers`: this library's sides and what a user would pick instead, on the same samples, start and number of
// iterations. WebGPU runs in headless Chromium, on the software adapter unless WEBGPU_EM_ADAPTER=hardware. `--help` says the rest.
import { fileURLToPath } from 'node:url';
import { load } from '../host.mjs';

const { comparePeers } = await load('bench/peers/main.ts');
const browser = fileURLToPath(new URL('browser.mjs', import.meta.url));
process.exitCode = await comparePeers(process.argv.slice(2), {
  command: [process.execPath, browser],
});
