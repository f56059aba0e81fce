import { cpSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import type MarkdownIt from 'markdown-it';

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** Files and folders of the repository that pages link to, by their paths in it. */
const linked = new Set<string>();

/**
 * Pages link to files beside docs/ (`../bench/shapes.ts`), which are no pages of the site. They are copied beside it as plain text, so that
 * the links lead somewhere wherever the site lies; data are downloads under their own name. A link to a file that does not exist fails the
 * build.
 */
export function repositoryLinks(md: MarkdownIt): void {
  md.core.ruler.push('repository-links', (state) => {
    const { relativePath } = state.env as { relativePath: string };
    for (const token of state.tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === 'link_open' ? token.attrGet('href') : null;
      if (href === null || !/^[.\w]/.test(href) || /^\w+:/.test(href)) continue;
      const path = posix.join('docs', posix.dirname(relativePath), href.replace(/#.*$/, ''));
      const within = path.startsWith('docs/');
      if (within && /(\.md|\.html|\/)$/.test(path)) continue;
      if (!existsSync(join(root, path))) {
        throw new Error(`${relativePath} links to ${href}: there is no ${path} in the repository.`);
      }
      linked.add(path);
      const up = '../'.repeat(relativePath.split('/').length - 1) || './';
      const to = isFolder(path) ? `${path}/index.html` : servedAs(path);
      // (a link with a target is left as it is by VitePress)
      token.attrSet('href', `${up}repository/${to}`);
      token.attrSet('target', '_blank');
      if (isData(path)) token.attrSet('download', posix.basename(path));
    }
  });
}

/** Copies what was linked to, folders with a list of what is in them. */
export function copyLinked(outDir: string): void {
  for (const path of linked) {
    if (!isFolder(path)) {
      copy(path, outDir);
      continue;
    }
    const names = readdirSync(join(root, path)).filter((name) => !isFolder(`${path}/${name}`));
    for (const name of names) copy(`${path}/${name}`, outDir);
    const items = names
      .map((name) => `<li><a href="${posix.basename(servedAs(name))}">${name}</a></li>`)
      .join('\n');
    writeFileSync(
      join(outDir, 'repository', path, 'index.html'),
      `<!doctype html><html lang="en"><meta charset="utf-8"><title>${path}</title><h1>${path}</h1><ul>\n${items}\n</ul></html>\n`,
    );
  }
}

function copy(path: string, outDir: string): void {
  const to = join(outDir, 'repository', servedAs(path));
  mkdirSync(dirname(to), { recursive: true });
  cpSync(join(root, path), to);
}

const isData = (path: string): boolean => path.endsWith('.csv');

/** A browser shows a .txt, whatever is in it. */
const servedAs = (path: string): string => (isData(path) ? path : `${path}.txt`);

function isFolder(path: string): boolean {
  return statSync(join(root, path)).isDirectory();
}
