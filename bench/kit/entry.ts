import { runOnNode } from '../node.ts';
import { comparePeers } from '../peers/main.ts';
import { peersAt } from '../peers/peers-at.ts';

const USAGE = `       bench peers [...]   this library's sides and other programs alone: bench peers --help
  --peers             other programs too, on the same samples, as far as they are here`;

/** What bench.sh runs: the benchmark, with peers where they are asked for, or the peers alone. @returns the exit code */
export async function run(words: readonly string[]): Promise<number> {
  if (words[0] === 'peers') return comparePeers(words.slice(1), {});
  const own = words.filter((word) => word !== '--peers');
  const code = await runOnNode(own, own.length < words.length ? { runPeers: peersAt } : {});
  if (own.includes('--help')) console.log(USAGE);
  return code;
}
