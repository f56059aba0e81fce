import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { preview, type PreviewServer } from 'vite';
import { sidebar } from '../../docs/site/.vitepress/sidebar.ts';
import { CHROMIUM_HINT, chromiumFlags, findChromium } from '../../src/cli/find-chromium.ts';
import * as library from '../../src/index.ts';
import { violations } from '../setup/page-actions.ts';
import { root } from './run-page.ts';

const BASE = '/docs/';

let folder: string;
/** HTML of every page of the built site by its path, 'errors.html' for instance. */
let pages: Map<string, string>;

// A clean checkout has no generator yet: docs/site/build.mjs installs it (its own lock file), and fails on a dead link.
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'webgpu-em-site-'));
  const out = join(folder, 'docs');
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
    expect(createContext).toContain(`href="${BASE}errors.html#insecure_context"`);
  });

  test('has no link to a page, an anchor or a file that is not there', () => {
    const broken: string[] = [];
    for (const [page, html] of pages) {
      for (const [, href] of html.matchAll(/<a\b[^>]*\shref="([^"]+)"/g)) {
        if (/^[a-z]+:/.test(href)) continue;
        const url = new URL(href.replaceAll('&amp;', '&'), `http://site${BASE}${page}`);
        // (the live pages are beside the site, and not built here)
        if (!url.pathname.startsWith(BASE)) continue;
        const path = decodeURIComponent(url.pathname.slice(BASE.length)).replace(
          /(^|\/)$/,
          '$1index.html',
        );
        const target = pages.get(path);
        const anchor = decodeURIComponent(url.hash.slice(1));
        const there = target === undefined ? existsSync(join(folder, 'docs', path)) : true;
        const found = anchor === '' || (target ?? '').includes(`id="${anchor}"`);
        if (!there || !found) broken.push(`${page}: ${href}`);
      }
    }
    expect(broken).toEqual([]);
  });

  test('leads to the live pages', () => {
    const home = pages.get('index.html')!;
    for (const page of ['', 'learn/', 'digits/', 'bench/']) {
      expect(home).toMatch(new RegExp(`href="/docs/\\.\\./${page}"[^>]*target="_self"`));
    }
  });

  describe('in a browser', () => {
    let server: PreviewServer;
    let browser: Browser;
    beforeAll(async () => {
      server = await preview({
        root: tmpdir(),
        configFile: false,
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
      'searches, fits a narrow screen and has nothing that axe finds, %s',
      async (colorScheme) => {
        const page = await browser.newPage({ colorScheme, viewport: { width: 360, height: 740 } });
        page.setDefaultTimeout(120_000);
        const failures: string[] = [];
        page.on('pageerror', (error) => failures.push(error.message));
        const address = new URL(BASE, server.resolvedUrls!.local[0]).href;
        for (const path of ['', 'start.html', 'errors.html', 'browsers.html']) {
          await page.goto(address + path, { waitUntil: 'networkidle' });
          expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBe(360);
          expect(await violations(page), path).toEqual([]);
        }
        const dark = await page.evaluate(() => document.documentElement.classList.contains('dark'));
        expect(dark).toBe(colorScheme === 'dark');
        await page.getByRole('button', { name: 'Search' }).click();
        await page.getByRole('searchbox').fill('NEARLY_EMPTY');
        await page
          .locator('#localsearch-list a', { hasText: 'NEARLY_EMPTY_COMPONENT' })
          .first()
          .click();
        await page.waitForURL(/#nearly_empty_component$/);
        expect(failures).toEqual([]);
        await page.close();
      },
    );
  });
});
