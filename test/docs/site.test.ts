import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { preview, type PreviewServer } from 'vite';
import { sidebar } from '../../docs/site/.vitepress/sidebar.ts';
import { CHROMIUM_HINT, chromiumFlags, findChromium } from '../../src/cli/find-chromium.ts';
import * as library from '../../src/index.ts';
import { violations } from '../setup/page-actions.ts';
import { root } from './run-page.ts';

/** The site is served in a folder, as it may be anywhere; the live pages would be one up. */
const BASE = '/x/docs/';

let folder: string;
let out: string;
/** HTML of every page of the built site by its path, 'errors.html' for instance. */
let pages: Map<string, string>;

// A clean checkout has no generator yet: docs/site/build.mjs installs it (its own lock file), and fails on a dead link.
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'webgpu-em-site-'));
  out = join(folder, BASE);
  await promisify(execFile)(process.execPath, [join(root, 'docs/site/build.mjs'), out]).catch(
    (error: { stdout: string; stderr: string }) => {
      throw new Error(`The site does not build:\n${error.stdout}${error.stderr}`);
    },
  );
  const names = readdirSync(out, { recursive: true, encoding: 'utf8' }).map((name) =>
    name.replaceAll('\\', '/'),
  );
  pages = new Map(
    names
      .filter((name) => name.endsWith('.html'))
      .map((name) => [name, readFileSync(join(out, name), 'utf8')]),
  );
}, 400_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the documentation site', () => {
  test('has every page of docs/, and its sidebar leads to each', () => {
    const written = readdirSync(join(root, 'docs'))
      .filter((name) => name.endsWith('.md') && name !== 'index.md')
      .map((name) => `/${name.slice(0, -'.md'.length)}`);
    const linked = sidebar.flatMap(({ items }) => items.map(({ link }) => link));
    expect(written.filter((page) => !linked.includes(page))).toEqual([]);
    expect(linked.filter((page) => !written.includes(page))).toEqual(['/api/']);
    for (const page of written) expect([...pages.keys()]).toContain(`${page.slice(1)}.html`);
  });

  test('documents every name that the library exports', () => {
    const documented = new Set([...pages.keys()].map((page) => posix.basename(page, '.html')));
    const exported = Object.keys(library);
    expect(exported.length).toBeGreaterThan(20);
    expect(exported.filter((name) => !documented.has(name))).toEqual([]);
    const createContext = pages.get('api/webgpu-em/functions/createContext.html')!;
    expect(createContext).toContain('A software adapter is used only when asked for');
    // a code that a comment names leads to what the code means
    expect(createContext).toMatch(/href="(\.\/)?\.\.\/\.\.\/\.\.\/errors\.html#insecure_context"/);
    // types that only other names name have their page as well
    for (const name of ['Mask', 'SampleColumn', 'FixedCovariance', 'Support', 'NCategories']) {
      expect(documented).toContain(name);
    }
    const matrix = pages.get('api/webgpu-em/interfaces/SampleMatrix.html')!;
    expect(matrix).toContain('feature d of sample n is <code>data[n * nFeatures + d]</code>');
  });

  test('has no link to a page, an anchor or a file that is not there, from any folder', () => {
    const broken: string[] = [];
    const files = new Set<string>();
    const live = new Set<string>();
    for (const [page, html] of pages) {
      for (const [, attribute] of html.matchAll(/<[^>]*\s(?:href|src)="([^"]+)"/g)) {
        const href = attribute.replaceAll('&amp;', '&');
        if (/^[a-z]+:/.test(href)) continue;
        const { pathname, hash } = new URL(href, `http://site${BASE}${page}`);
        if (href.startsWith('/')) broken.push(`${page}: ${href} is of the server's root`);
        if (!pathname.startsWith(BASE)) {
          live.add(pathname);
          continue;
        }
        const path = decodeURIComponent(pathname.slice(BASE.length)).replace(
          /(^|\/)$/,
          '$1index.html',
        );
        if (path.startsWith('repository/')) files.add(path);
        const target = pages.get(path);
        const anchor = decodeURIComponent(hash.slice(1));
        const there = target !== undefined || existsSync(join(out, path));
        const found = anchor === '' || (target ?? '').includes(`id="${anchor}"`);
        if (!there || !found) broken.push(`${page}: ${href}`);
      }
    }
    expect(broken).toEqual([]);
    expect([...live].sort()).toEqual(['/x/', '/x/bench/', '/x/digits/', '/x/learn/']);
    // files of the repository are what they are there
    expect(files.size).toBeGreaterThan(10);
    for (const path of files) {
      if (path.endsWith('.html')) continue;
      const original = path.slice('repository/'.length).replace(/\.txt$/, '');
      expect(readFileSync(join(out, path)).equals(readFileSync(join(root, original))), path).toBe(
        true,
      );
    }
    expect([...files]).toContain('repository/test/fixtures/faithful.csv');
  });

  test("has the pages' own bar", () => {
    const masthead = readFileSync(join(root, 'src/app/shared/masthead.html'), 'utf8');
    const names = (html: string): string[] =>
      [...html.matchAll(/<a [^>]*>([^<]+)<\/a>/g)].map(([, name]) => name);
    const nav = (html: string): string =>
      /<nav aria-label="Pages">([\s\S]*?)<\/nav>/.exec(html)![1];
    expect(names(nav(masthead))).toContain('Docs');
    for (const page of ['index.html', 'start.html', 'api/index.html']) {
      expect(names(nav(pages.get(page)!)), page).toEqual(names(nav(masthead)));
    }
  });

  describe('in a browser', () => {
    let server: PreviewServer;
    let browser: Browser;
    beforeAll(async () => {
      server = await preview({
        root: tmpdir(),
        configFile: false,
        // (an app of one page would have its first for whatever is not there)
        appType: 'mpa',
        logLevel: 'warn',
        build: { outDir: folder },
        preview: { port: 0 },
      });
      const executablePath = findChromium()?.executablePath;
      if (executablePath === undefined) throw new Error(CHROMIUM_HINT);
      const args = chromiumFlags('software').filter((flag) => flag === '--no-sandbox');
      browser = await chromium.launch({ executablePath, args });
    });
    afterAll(async () => {
      await browser?.close();
      await server?.close();
    });

    test.each(['light', 'dark'] as const)(
      'fits a narrow screen and has nothing that axe finds, %s',
      async (colorScheme) => {
        const page = await browser.newPage({ colorScheme, viewport: { width: 360, height: 740 } });
        const failures = failuresOf(page);
        for (const path of ['', 'start.html', 'errors.html', 'browsers.html']) {
          await page.goto(address() + path, { waitUntil: 'networkidle' });
          expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBe(360);
          expect(await violations(page, ['label-content-name-mismatch']), path).toEqual([]);
        }
        const dark = await page.evaluate(() => document.documentElement.classList.contains('dark'));
        expect(dark).toBe(colorScheme === 'dark');
        expect(failures).toEqual([]);
        await page.close();
      },
    );

    test('finds an option by its name and a code by its beginning; files open; a theme holds in all tabs', async () => {
      const context = await browser.newContext({ colorScheme: 'light' });
      const page = await context.newPage();
      const failures = failuresOf(page);
      await page.goto(`${address()}performance.html`, { waitUntil: 'networkidle' });
      const found = page.locator('#localsearch-list a').first();
      const search = async (words: string, first: RegExp): Promise<void> => {
        await page.getByRole('button', { name: 'Search' }).click();
        await page.getByRole('searchbox').fill(words);
        await page.waitForFunction(
          (pattern) =>
            new RegExp(pattern).test(
              document.querySelector<HTMLAnchorElement>('#localsearch-list a')?.href ?? '',
            ),
          first.source,
        );
      };
      await search('regCovar', /GaussianMixtureOptions\.html#property-regcovar$/);
      await page.keyboard.press('Escape');
      await search('nInit', /GaussianMixtureOptions\.html#property-ninit$/);
      await found.click();
      await page.waitForURL(/#property-ninit$/);
      // from another folder of the site, links that stayed in place lead where they did
      await page.getByRole('link', { name: 'The guide' }).click();
      await page.waitForURL(/x\/docs\/start\.html$/);
      await search('NEARLY_EMPTY', /#nearly_empty_component$/);
      await page.keyboard.press('Escape');
      await page.getByRole('link', { name: 'Performance guide' }).first().click();
      await page.waitForURL(/performance\.html$/);
      const [file] = await Promise.all([
        context.waitForEvent('page'),
        page.locator('main a[href*="repository/bench/results/"]').first().click(),
      ]);
      await file.waitForLoadState();
      expect(await file.locator('body').innerText()).toMatch(/iteration/);

      const other = await context.newPage();
      await other.goto(`${address()}start.html`, { waitUntil: 'networkidle' });
      await other.getByRole('button', { name: 'Dark' }).click();
      await page.waitForFunction(() => document.documentElement.classList.contains('dark'));
      // as the live pages keep it, and as they would change it
      expect(await other.evaluate(() => localStorage.getItem('theme'))).toBe('dark');
      await file.evaluate(() => localStorage.removeItem('theme'));
      await page.waitForFunction(() => !document.documentElement.classList.contains('dark'));
      expect(failures).toEqual([]);
      await context.close();
    });

    const address = (): string => new URL(BASE, server.resolvedUrls!.local[0]).href;

    /** What a page throws, and what it asks for in vain. */
    function failuresOf(page: Page): string[] {
      page.setDefaultTimeout(120_000);
      const failures: string[] = [];
      page.on('pageerror', (error) => failures.push(error.message));
      page.on('response', (response) => {
        if (response.status() >= 400) failures.push(`${response.status()} ${response.url()}`);
      });
      return failures;
    }
  });
});
