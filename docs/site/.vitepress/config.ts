import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type DefaultTheme } from 'vitepress';
import { accessibleBlocks } from './accessible-blocks.ts';
import { BASE, placeAnywhere } from './any-folder.ts';
import { apiAnchors } from './api-anchors.ts';
import { apiSections, searchOptions } from './search.ts';
import { codeLinks } from './code-links.ts';
import { copyLinked, repositoryLinks } from './repository-links.ts';
import { sidebar } from './sidebar.ts';

/** The pages' own: two ellipses. */
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Cg fill='none' stroke-width='4'%3E%3Cellipse cx='12' cy='18' rx='8' ry='11' stroke='%233f90da'/%3E%3Cellipse cx='21' cy='13' rx='8' ry='9' stroke='%23ffa90e'/%3E%3C/g%3E%3C/svg%3E";

/** Light or dark as the pages' own switch was left (src/app/shared/theme.ts), before VitePress looks. theme/index.ts keeps what is set here. */
const TAKE_THEME =
  "try { localStorage.setItem('vitepress-theme-appearance', localStorage.getItem('theme') ?? 'auto'); } catch {}";

export default defineConfig({
  title: 'webgpu-em',
  description: 'Mixture models by expectation-maximisation on WebGPU, in the browser and in Node.',
  lang: 'en-GB',
  base: BASE,
  // The Markdown of docs/ is the site's; README.md links to it and tests run its snippets, so it stays where it is.
  srcDir: '..',
  srcExclude: ['site/**'],
  outDir: '../../dist-page/docs',
  head: [
    ['link', { rel: 'icon', href: ICON }],
    ['script', {}, TAKE_THEME],
  ],
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    // Anchors as GitHub makes them, underscores kept, so that a link leads to the same place on either.
    anchor: { slugify: githubSlug },
    config(md) {
      md.use(repositoryLinks);
      md.use(codeLinks);
      md.use(apiAnchors);
      md.use(accessibleBlocks);
    },
  },
  vite: {
    plugins: [resolveFromHere()],
    resolve: {
      alias: [ownPart('VPNav', 'masthead'), ownPart('VPNavBarSearchButton', 'search-button')],
    },
    // (the largest chunk is the search index)
    build: { chunkSizeWarningLimit: 2000 },
  },
  buildEnd({ outDir }) {
    copyLinked(outDir);
    placeAnywhere(outDir);
  },
  themeConfig: {
    search: {
      provider: 'local',
      options: { miniSearch: { _splitIntoSections: apiSections, searchOptions } },
    },
    outline: [2, 3],
    sidebar: { '/': sidebar, '/api/': apiSidebar() },
    footer: {
      message: 'MIT licence. Nothing on this site, nor on the live pages, leaves your browser.',
    },
  },
});

/** A part of VitePress's theme that theme/ has its own of. */
function ownPart(theirs: string, own: string) {
  const replacement = fileURLToPath(new URL(`./theme/${own}.ts`, import.meta.url));
  return { find: new RegExp(`^.*/${theirs}\\.vue$`), replacement };
}

/** Written by TypeDoc. */
function apiSidebar(): DefaultTheme.SidebarItem[] {
  const file = fileURLToPath(new URL('../../api/typedoc-sidebar.json', import.meta.url));
  if (!existsSync(file))
    throw new Error('There is no docs/api. Run `npm run docs:build`, which has TypeDoc write it.');
  const items = JSON.parse(readFileSync(file, 'utf8')) as DefaultTheme.SidebarItem[];
  return [
    { text: 'The guide', link: '/start' },
    { text: 'API', link: '/api/', items: items.map(linkGroups) },
  ];
}

/** Gives "Classes", "Functions", ... the place in their module's table as a link: VitePress makes a group without one a button within a button. */
function linkGroups(module: DefaultTheme.SidebarItem): DefaultTheme.SidebarItem {
  const items = module.items?.map((item) =>
    item.link === undefined
      ? { ...item, link: `${module.link}#${githubSlug(item.text ?? '')}` }
      : linkGroups(item),
  );
  return { ...module, ...(items && { items }) };
}

/** The pages lie outside this package, where Vite would not look for Vue: what they import is looked for from here. */
function resolveFromHere() {
  const here = fileURLToPath(import.meta.url);
  const folder = fileURLToPath(new URL('../', import.meta.url));
  return {
    name: 'resolve-from-here',
    enforce: 'pre' as const,
    resolveId(
      this: { resolve(id: string, importer: string, options: object): unknown },
      source: string,
      importer: string | undefined,
      { ssr }: { ssr?: boolean },
    ) {
      if (!/^vue(\/|$)/.test(source)) return undefined;
      // The half that Node runs loads it by itself, once for all.
      if (ssr) return { id: source, external: true };
      if (!importer || importer.startsWith(folder)) return undefined;
      return this.resolve(source, here, { skipSelf: true });
    },
  };
}

function githubSlug(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}
