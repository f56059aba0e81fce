import { pathToFileURL } from 'node:url';

/**
 * The bench without a browser: on the adapter that the npm package `webgpu` finds, and on the CPU sides.
 *
 * @param words the command line after the script's name
 * @param gpu what `create([...flags])` of `webgpu` gave; by default the package is imported here
 * @returns the exit code
 */
export async function runOnNode(words: readonly string[], gpu?: GPU): Promise<number> {
  console.error(`Not built yet: ${words.join(' ')} ${gpu ? 'with' : 'without'} a GPU given.`);
  return Promise.resolve(1);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = await runOnNode(process.argv.slice(2));
}
