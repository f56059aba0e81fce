// `npm run bench:readme`: writes the newest results of bench/results into README.md, between its two markers.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { load } from './host.mjs';

const folder = new URL('results/', import.meta.url);
const readme = new URL('../README.md', import.meta.url);

const { benchResults, insertSection, readmeSection } = await load('bench/readme.ts');
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => ({
    name: name.replace(/\.json$/, ''),
    json: JSON.parse(readFileSync(new URL(name, folder), 'utf8')),
  }));
const section = readmeSection(benchResults(files));
writeFileSync(readme, insertSection(readFileSync(readme, 'utf8'), section));
console.log(section);
