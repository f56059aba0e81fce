// `npm run bench:node`: the bench without a browser, from the sources: on the adapter that the npm package `webgpu` finds (where it
// is installed), and on the CPU sides. `--help` says the rest.
import { load } from './host.mjs';

const { runOnNode } = await load('bench/node.ts');
process.exitCode = await runOnNode(process.argv.slice(2));
