import type MarkdownIt from 'markdown-it';

/**
 * typedoc-plugin-markdown 4.14 marks a property of a table as `property-covariance_type_` and links to it as
 * `property-covariance-type`: the marks are made like the links.
 */
export function apiAnchors(md: MarkdownIt): void {
  md.core.ruler.push('api-anchors', (state) => {
    for (const token of state.tokens.flatMap(({ children }) => children ?? [])) {
      if (token.type !== 'html_inline') continue;
      token.content = token.content.replace(
        /^<a id="(property-[^"]+)">$/,
        (_, id: string) => `<a id="${id.replace(/_+$/, '').replace(/_+/g, '-')}">`,
      );
    }
  });
}
