import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type MarkdownIt from 'markdown-it';

const errors = fileURLToPath(new URL('../../errors.md', import.meta.url));
/** The headings of docs/errors.md that are codes. */
const codes = new Set(
  [...readFileSync(errors, 'utf8').matchAll(/^### `?([A-Z_]+)`?/gm)].map(([, code]) => code),
);

/** What is a link wherever text has it: a code, and in comments of the sources a page of docs/. */
const NAMES = /\b(docs\/[\w-]+\.md|[A-Z][A-Z_]+)\b/;
const pages = new Set(readdirSync(dirname(errors)).map((name) => `docs/${name}`));

/**
 * Makes every code of an error or a warning (`NO_MODE`), wherever a page or a comment names it, a link to what docs/errors.md says of it, and
 * `docs/streams.md` in a comment a link to that page.
 */
export function codeLinks(md: MarkdownIt): void {
  md.core.ruler.push('code-links', (state) => {
    const { relativePath } = state.env as { relativePath: string };
    if (relativePath === 'errors.md') return;
    const link = (name: string, token: (typeof state.tokens)[number]) => {
      const open = new state.Token('link_open', 'a', 1);
      const up = '../'.repeat(relativePath.split('/').length - 1) || './';
      const page = pages.has(name) ? name.slice('docs/'.length) : `errors.md#${name.toLowerCase()}`;
      open.attrSet('href', `${up}${page}`);
      return [open, token, new state.Token('link_close', 'a', -1)];
    };
    for (const inline of state.tokens) {
      let depth = 0;
      inline.children &&= inline.children.flatMap((token) => {
        depth += token.type === 'link_open' ? 1 : token.type === 'link_close' ? -1 : 0;
        if (depth > 0) return [token];
        if (token.type === 'code_inline')
          return codes.has(token.content) ? link(token.content, token) : [token];
        if (token.type !== 'text' || !NAMES.test(token.content)) return [token];
        return token.content.split(NAMES).flatMap((content) => {
          const part = new state.Token('text', '', 0);
          part.content = content;
          return codes.has(content) || pages.has(content) ? link(content, part) : [part];
        });
      });
    }
  });
}
