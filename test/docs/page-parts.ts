/** A fenced snippet of a page, or a hidden comment that prepares or checks one. */
export interface Part {
  /** `setup` and `check`: an HTML comment that begins with this word; else the fence's language, '' where it has none. */
  readonly kind: string;
  readonly text: string;
  /** Line of the page, from 1, on which it begins. */
  readonly line: number;
}

const FENCE = /^(`{3,})([\w-]*)/;
const COMMENT = /^<!-- (setup|check)\b.*$/;

/**
 * The snippets of a page of Markdown, and what they are run with. A reader sees neither of the two comments:
 *
 *     <!-- setup                  TypeScript that runs before the snippets below: the names that they take for granted
 *     const samples = clusters().samples;
 *     -->
 *     <!-- check                  after the snippet above: an expression a line, each to be true
 *     mixture.converged
 *     -->
 */
export function pageParts(markdown: string): Part[] {
  const lines = markdown.split('\n');
  const parts: Part[] = [];
  for (let at = 0; at < lines.length; at++) {
    const [, fence, language] = FENCE.exec(lines[at]) ?? [];
    const kind = language ?? COMMENT.exec(lines[at])?.[1];
    if (kind === undefined) continue;
    const first = at + 1;
    const end = (line: string): boolean => line === (fence ?? '-->');
    while (++at < lines.length && !end(lines[at]));
    if (at === lines.length) throw new Error(`Line ${first} opens what no line closes.`);
    parts.push({ kind, text: lines.slice(first, at).join('\n'), line: first });
  }
  return parts;
}
