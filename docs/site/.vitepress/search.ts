import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface Section {
  anchor: string;
  titles: string[];
  text: string;
}

const HEADING = /<h([1-6]) id="([^"]+)"[^>]*>([\s\S]*?)<\/h\1>/g;
const PROPERTY = /<tr>\s*<td[^>]*><a id="(property-[^"]+)"><\/a>([\s\S]*?)<\/td>([\s\S]*?)<\/tr>/g;

/**
 * What is found on a page of the API: its headings, as elsewhere, and each property of a table by its own name, which a reader types as it
 * stands in the program. What all options share is found once, in GaussianMixtureOptions. Of other pages: undefined, VitePress's own way.
 */
export function apiSections(file: string, html: string): Section[] | undefined {
  if (!/[\\/]docs[\\/]api[\\/]/.test(file)) return undefined;
  const isOtherFit = /(?<!Gaussian)(Mixture|Selection)Options\.md$/.test(file);
  const shared = isOtherFit ? sharedOptions(dirname(file)) : [];
  const sections: Section[] = [];
  const headings = [...html.matchAll(HEADING)];
  let above: string[] = [];
  headings.forEach(([all, level, anchor = '', heading], i) => {
    const title = textOf(heading).replace(/^(Interface|Class|Function|Type Alias): /, '');
    const titles = [...above.slice(0, Number(level) - 1), title].filter(Boolean);
    above = titles;
    const from = (headings[i]?.index ?? 0) + all.length;
    const properties: Section[] = [];
    const rest = html
      .slice(from, headings[i + 1]?.index)
      .replace(PROPERTY, (_row, id: string, name: string, cells: string) => {
        const own = textOf(name).replace(/\?$/, '');
        const text = textOf(cells);
        if (!shared.includes(id)) {
          properties.push({ anchor: id, titles: [...above.slice(0, 1), own], text });
        }
        return '';
      });
    sections.push({ anchor, titles, text: textOf(rest) }, ...properties);
  });
  return sections;
}

const sharedOptions = (folder: string): string[] =>
  Array.from(
    readFileSync(join(folder, 'CommonOptions.md'), 'utf8').matchAll(/<a id="(property-[^"]+)">/g),
    ([, id = '']) => id,
  );

/** A name that is a title comes before a text that mentions it, and of those that have the name the options that most fits take. */
export const searchOptions = {
  boost: { title: 8, titles: 2, text: 1 },
  // (VitePress sends its text to the browser: it has to stand alone)
  boostDocument: (id: string) => (/\/GaussianMixture(Options)?\.html/.test(id) ? 2 : 1),
};

function textOf(html = ''): string {
  return html
    .replace(/<a class="header-anchor"[\s\S]*?<\/a>/g, '')
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/\u200B/g, '')
    .trim();
}
