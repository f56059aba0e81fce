import type MarkdownIt from 'markdown-it';

/** Blocks that scroll can be scrolled by keys; a header cell without a word is none. */
export function accessibleBlocks(md: MarkdownIt): void {
  md.core.ruler.push('accessible-blocks', (state) => {
    state.tokens.forEach((token, i) => {
      if (token.type === 'code_block') token.attrSet('tabindex', '0');
      if (token.type !== 'th_open' || state.tokens[i + 1]?.content !== '') return;
      token.tag = 'td';
      state.tokens[i + 2].tag = 'td';
    });
  });
}
