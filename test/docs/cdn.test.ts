import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CHROMIUM_HINT, chromiumFlags, findChromium } from '../../src/cli/find-chromium.ts';
import { packedFiles } from './packed-files.ts';
import { pageParts } from './page-parts.ts';
import { root } from './run-page.ts';

const CDN = 'https://cdn.jsdelivr.net';

let folder: string;
let server: Server;
let browser: Browser;
/** Pages by their paths, and under the CDN's path what the package holds. */
let served: Map<string, Buffer | string>;
const asked: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webgpu-em-cdn-'));
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  const files = await packedFiles(root, folder);
  served = new Map([...files].map(([name, bytes]) => [`/npm/webgpu-em@${version}/${name}`, bytes]));
  server = createServer((request, response) => {
    asked.push(`${request.headers.host} ${request.url}`);
    const found = served.get(request.url!);
    const type = request.url!.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8';
    // what a CDN allows: the page is of another origin
    response.writeHead(found === undefined ? 404 : 200, {
      'access-control-allow-origin': '*',
      'content-type': type,
    });
    response.end(found);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const executablePath = findChromium()?.executablePath;
  if (executablePath === undefined) throw new Error(CHROMIUM_HINT);
  // without WebGPU: the 12 lines are looked at, not a device
  const args = chromiumFlags('software').filter((flag) => flag === '--no-sandbox');
  browser = await chromium.launch({ executablePath, args });
});

afterAll(async () => {
  await browser?.close();
  server?.close();
  await rm(folder, { recursive: true, force: true });
});

test('the 12 lines of docs/cdn.md fit in a browser, from the packed package', async () => {
  const parts = pageParts(await readFile(join(root, 'docs/cdn.md'), 'utf8'));
  const page = parts.find(({ kind }) => kind === 'html')!;
  expect(page.text.split('\n')).toHaveLength(12);
  expect(page.text.split(CDN)).toHaveLength(2);
  const { port } = server.address() as AddressInfo;
  // two names of one server are two origins
  served.set('/index.html', page.text.replace(CDN, `http://127.0.0.1:${port}`));
  const opened = await browser.newPage();
  const failures: string[] = [];
  opened.on('pageerror', (error) => failures.push(error.message));
  await opened.goto(`http://localhost:${port}/index.html`);
  const out = opened.locator('#out');
  await expect.poll(() => out.textContent(), { timeout: 60_000 }).toMatch(/^means /m);
  expect(failures).toEqual([]);
  const lines = (await out.textContent())!.split('\n');
  expect(lines[0]).toMatch(/WebGPU|CPU/);
  // half of the samples in the unit square at the origin, half in that at (3, 6)
  const weights = numbers(lines[1], 'weights ');
  expect(weights[0]).toBeCloseTo(0.5, 6);
  const means = numbers(lines[2], 'means ');
  const sorted = means[0] < means[2] ? means : [...means.slice(2), ...means.slice(0, 2)];
  [0.5, 0.5, 3.5, 6.5].forEach((mean, i) => expect(sorted[i]).toBeCloseTo(mean, 1));
  // the library is one file, and asks for no other
  expect(asked.filter((line) => line.startsWith('127.0.0.1'))).toHaveLength(1);
});

function numbers(line: string, word: string): number[] {
  expect(line.startsWith(word), line).toBe(true);
  return line.slice(word.length).split(',').map(Number);
}
