import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { peersToMarkdown, type PeersResult } from './report.ts';

/** JSON, and Markdown beside it: `out` names the JSON file, or a folder (default: bench/results). */
export function writePeers(out = 'bench/results', result: PeersResult): void {
  const day = result.stamp.date.slice(0, 10);
  const path = out.endsWith('.json')
    ? out.slice(0, -'.json'.length)
    : join(out, `peers-${day}-${result.gpu ? 'gpu' : 'cpu'}`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.json`, `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(`${path}.md`, peersToMarkdown(result));
}
