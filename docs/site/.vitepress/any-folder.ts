import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'vite';

/**
 * Stands for the folder that the site lies in, which VitePress wants to know when it builds. After the build nothing is left of it: in HTML
 * addresses become relative to the page, in scripts they begin with what `DOCS_BASE` is found to be in the browser.
 */
export const BASE = '/__docs__/';

/** Makes a built site work in any folder of any server. */
export function placeAnywhere(outDir: string): void {
  const names = readdirSync(outDir, { recursive: true, encoding: 'utf8' });
  for (const name of names.map((path) => path.replaceAll('\\', '/'))) {
    if (name.startsWith('repository/') || !/\.(html|js|css)$/.test(name)) continue;
    const file = join(outDir, name);
    const text = readFileSync(file, 'utf8');
    if (name.endsWith('.html')) writeFileSync(file, relativeHtml(text, name));
    else if (text.includes(BASE)) writeFileSync(file, relativeScript(text, name));
  }
}

function relativeHtml(html: string, name: string): string {
  const up = '../'.repeat(name.split('/').length - 1) || './';
  const find = `var DOCS_BASE=new URL('${up}',location.href).pathname`;
  // VitePress takes its base from here, before its modules begin.
  const tell = `__VP_SITE_DATA__.base=DOCS_BASE`;
  // A link that outlives its page (the sidebar's) stays right on the next one.
  const pin = `document.querySelectorAll('a[href^="${up}"]').forEach(a=>{const to=new URL(a.href);a.setAttribute('href',to.pathname+to.search+to.hash)})`;
  return html
    .replace(/ (href|src)="\/__docs__\//g, ` $1="${up}`)
    .replace('<head>', () => `<head><script>${find}</script>`)
    .replace('</body>', () => `<script>${tell};${pin}</script></body>`);
}

interface Node {
  type: string;
  start: number;
  end: number;
}

/** Every string that has the base in it, made anew with the true one where it is used. */
function relativeScript(code: string, name: string): string {
  if (!name.endsWith('.js')) throw new Error(`${name} names the site's folder ${BASE}.`);
  const cuts: Node[] = [];
  const look = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(look);
    if (typeof node !== 'object' || node === null) return;
    const { type, start, end } = node as Node;
    const isText = type === 'Literal' || type === 'TemplateLiteral';
    if (isText && code.slice(start, end).includes(BASE)) cuts.push({ type, start, end });
    else Object.values(node).forEach(look);
  };
  look(parseAst(code));
  let text = '';
  let at = 0;
  for (const { start, end } of cuts.sort((a, b) => a.start - b.start)) {
    text += `${code.slice(at, start)}(${code.slice(start, end)}).replaceAll('/__'+'docs__/',DOCS_BASE)`;
    at = end;
  }
  text += code.slice(at);
  return text;
}
