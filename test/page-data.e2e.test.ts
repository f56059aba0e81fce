import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import type { Page, Request } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { arrowFile, fixture, parquetFile, serve } from './io/stream-files.ts';
import { idx } from './setup/idx-bytes.ts';
import { converged, noProblem, violations } from './setup/page-actions.ts';
import { startPage } from './setup/page.ts';
import type { PageServer } from './setup/page.ts';

let server: PageServer;

beforeAll(async () => {
  server = await startPage();
});

afterAll(() => server?.close());

const csv = readFileSync(fixture('faithful.csv'));
const npy = readFileSync(fixture('npy/f8.npy'));
const pixels = Array.from({ length: 40 * 4 }, (_, i) => (i * 7919) % 251);

/** A file of every format: its name in the menu, its bytes, and how many samples it has. */
const FILES: readonly [string, string, Uint8Array, number][] = [
  ['eruptions.csv', 'eruptions', csv, 272],
  ['tabs.tsv', 'tabs', Buffer.from(csv.toString().replaceAll(',', '\t')), 272],
  ['packed.csv.gz', 'packed', gzipSync(csv), 272],
  ['array.npy', 'array', npy, Number(/'shape': \((\d+)/.exec(npy.toString('latin1'))![1])],
  ['archive.npz', 'archive', zipSync({ 'X.npy': npy }), 0],
  ['rows.parquet', 'rows', parquetFile(), 272],
  ['batches.arrow', 'batches', arrowFile('stream'), 272],
  ['frame.feather', 'frame', arrowFile('file'), 272],
  ['images-idx3-ubyte.gz', 'images-idx3-ubyte', gzipSync(idx([40, 2, 2], pixels)), 40],
].map(([file, name, bytes, n], _, all) => [file, name, bytes, n || all[3][3]]) as never;

async function dropFiles(page: Page, files: readonly (readonly [string, Uint8Array])[]) {
  await page.evaluate(
    (list) => {
      const dataTransfer = new DataTransfer();
      for (const [name, base64] of list) {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        dataTransfer.items.add(new File([bytes], name));
      }
      document.body.dispatchEvent(
        new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }),
      );
    },
    files.map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')] as const),
  );
}

const dropText = (page: Page, name: string, text: string) =>
  dropFiles(page, [[name, Buffer.from(text)]]);

/** Waits until a fit of that many samples of that data set runs; not the one before it, of as many samples. */
async function fitted(page: Page, name: string, nSamples: number): Promise<void> {
  await page.waitForFunction(
    ([wanted, start]) =>
      document.querySelector('#data-set option:checked')?.textContent === wanted &&
      document.querySelector('#headline')?.textContent?.startsWith(start) &&
      document.querySelector('#status')?.textContent !== 'Loading' &&
      Number(document.querySelector('#iteration')?.textContent) >= 1,
    [name, `${nSamples.toLocaleString('en-US')} samples`] as const,
  );
}

const paste = (page: Page, text: string) =>
  page.evaluate((pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    document.body.dispatchEvent(event);
  }, text);

const readers = (page: Page) =>
  page.workers().filter((worker) => worker.url().includes('reader-worker'));

test('reads every format dropped, and no data leaves the browser', async () => {
  const { page, failures, close } = await server.open({ withoutWebGpu: true });
  const requests: Request[] = [];
  page.context().on('request', (request) => requests.push(request));
  const origin = new URL(page.url()).origin;
  await page.waitForSelector('#overlay .sigma');
  expect(await page.textContent('#data-panel')).toContain('Your data never leaves this browser.');
  const dropAll = async () => {
    for (const [file, name, bytes, nSamples] of FILES) {
      await dropFiles(page, [[file, bytes]]);
      await fitted(page, name, nSamples);
      await noProblem(page);
    }
    // what a fit is worth is computed at its end
    await converged(page);
    await page.waitForSelector('#component-table th:text("Ambiguous")');
  };
  await dropAll();
  // The program of a format is fetched with its first file: a GET of a file of the page's own, which says nothing of the data.
  for (const request of requests) {
    const url = new URL(request.url());
    if (url.protocol === 'blob:') continue;
    expect([request.method(), url.origin, url.search, request.postData()]).toEqual([
      'GET',
      origin,
      '',
      null,
    ]);
    expect(url.pathname).toMatch(/^\/assets\/[\w.-]+\.(js|css|wasm|csv)$/);
  }
  // Once they are there, nothing is asked for at all.
  requests.length = 0;
  await dropAll();
  expect(
    requests.map((request) => request.url()).filter((url) => !url.startsWith('blob:')),
  ).toEqual([]);
  // several files are one table
  await dropFiles(page, [
    ['one.csv', csv],
    ['two.csv', csv],
  ]);
  await fitted(page, 'one and 1 more', 544);
  expect(failures).toEqual([]);
  await close();
});

test('chooses columns, standardises, leaves rows out on the word; pastes, fetches, cancels, fails', async () => {
  const { page, failures, close } = await server.open({
    withoutWebGpu: true,
    viewport: { width: 360, height: 780 },
  });
  await page.waitForSelector('#overlay .sigma');

  const rows = Array.from(
    { length: 60 },
    (_, n) =>
      `${n + 1},${n === 7 ? '' : (n % 2) * 9 + Math.sin(n)},${Math.cos(n * n)},${n % 2 ? 'odd' : 'even'}`,
  );
  await paste(page, `id,a,b,kind\n${rows.join('\n')}\n`);
  await fitted(page, 'pasted', 60);
  expect(await page.textContent('#data-note')).toMatch(
    /2 of 4 columns fitted; not fitted: id \(row numbers\), kind \(2 words\)\. 1 row with missing values fitted too/,
  );
  await page.click('#choose-columns');
  await page.waitForSelector('#columns[open]');
  expect(
    await page.locator('#columns tbody tr:nth-child(2)').locator('td').allTextContents(),
  ).toEqual(['number', '1', expect.stringMatching(/ to 9\.|10/)]);
  expect(await page.isDisabled('#column-3')).toBe(true);
  expect(await page.isChecked('#column-0')).toBe(false);
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await page.click('#columns button:text("None")');
  expect(await page.isDisabled('#columns button[type=submit]')).toBe(true);
  await page.check('#column-1');
  await page.check('#columns label:has-text("Standardise") input');
  await page.check('#leave-out');
  await page.click('#columns button[type=submit]');
  await fitted(page, 'pasted', 59);
  expect(await page.textContent('#columns-summary')).toBe('1 of 4 columns fitted, standardised');
  expect(await page.textContent('#data-note')).toContain('1 row with missing values left out.');

  // an error keeps what is shown, and says where it is
  await dropText(page, 'bad.csv', 'x,y\n1,2\n3,4\n5,6,7\n');
  await page.waitForSelector('#problem:not([hidden])');
  expect(await page.textContent('#problem-title')).toBe('bad cannot be read');
  expect(await page.textContent('#problem-message')).toContain('Line 4 has 3 fields');
  expect(await page.textContent('#headline')).toMatch(/^59 samples/);
  expect(await page.locator('#data-set option:checked').textContent()).toBe('pasted');
  await expect.poll(() => readers(page).length).toBe(0);

  // cells without a number are asked about, and only where their column is chosen
  const odd = (cell: string) =>
    rows.map((row, n) => (n === 9 ? row.replace(/,[^,]*/, `,${cell}`) : row));
  const dropOdd = async (name: string, answer: string) => {
    await dropText(page, `${name}.csv`, `id,a,b,kind\n${odd('n.d.').join('\n')}\n`);
    await page.waitForSelector('#odd-cells[open]');
    expect(await page.textContent('#odd-cells li')).toBe('a: 1 of 59 cells: line 11 "n.d."');
    await page.click(answer);
  };
  await dropOdd('kept', '#odd-cancel');
  await page.waitForSelector('#odd-cells', { state: 'detached' });
  expect(await page.textContent('#headline')).toMatch(/^59 samples/);
  await dropOdd('without', '#odd-without');
  await fitted(page, 'without', 60);
  expect(await page.textContent('#columns-summary')).toBe('1 of 4 columns fitted');
  await page.click('#choose-columns');
  await page.check('#column-1');
  expect(await page.isDisabled('#columns button[type=submit]')).toBe(true);
  expect(await violations(page)).toEqual([]);
  await page.check('#odd-as-missing');
  await page.click('#columns button[type=submit]');
  await page.waitForSelector('#columns-summary:text("2 of 4 columns fitted")');
  expect(await page.textContent('#data-note')).toContain('a, 1 of 59 cells: line 11 "n.d."');
  await dropOdd('asked', '#odd-missing');
  await fitted(page, 'asked', 60);
  expect(await page.textContent('#columns-summary')).toBe('2 of 4 columns fitted');
  await noProblem(page);

  // a long file: its first rows are fitted while it is read, until that is cancelled
  await page.evaluate(() => {
    const lines = Array.from({ length: 2 ** 18 }, (_, n) => `${n % 10},${(n * n) % 7}\n`);
    const part = new Blob(lines);
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(
      new File(['x,y\n', ...Array.from({ length: 600 }, () => part)], 'long.csv'),
    );
    document.body.dispatchEvent(
      new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }),
    );
  });
  await page.waitForSelector('#estimate:not([hidden])');
  expect(await page.textContent('#estimate')).toMatch(
    /About 160,000,000 rows of 2 columns .* 1\.3 GB/,
  );
  // (the note when its samples are there, the rate from the second look on)
  await expect
    .poll(() => page.textContent('#data-note'))
    .toMatch(/^The first [\d,]+ of about 160,000,000 rows\./);
  await expect
    .poll(() => page.textContent('#reading-text'))
    .toMatch(/of 629 MB \(\d+%\), [\d,]+ rows, .*MB\/s/);
  await page.click('#estimate button[type=submit]');
  await page.waitForSelector('#estimate', { state: 'hidden' });
  await page.click('#cancel-reading');
  await page.waitForSelector('.reading', { state: 'hidden' });
  await expect.poll(() => readers(page).length).toBe(0);
  expect(await page.locator('#data-set option:checked').textContent()).toBe('long');
  await noProblem(page);

  // an address is asked, and nobody else
  const hosts = new Set<string>();
  const paths: string[] = [];
  page.context().on('request', (request) => hosts.add(new URL(request.url()).host));
  const { url, close: closeData } = await serve((request, response) => {
    paths.push(`${request.method} ${request.url} ${request.headers.referer ?? ''}`.trim());
    const name = request.url!.split('/').at(-1)!;
    if (name === 'moved.csv') {
      response.writeHead(302, { location: 'flowers.csv', 'access-control-allow-origin': '*' });
      response.end();
      return;
    }
    response.writeHead(name === 'none.csv' ? 404 : 200, {
      ...(name !== 'closed.csv' && { 'access-control-allow-origin': '*' }),
      ...(name === 'page.csv' && { 'content-type': 'text/html; charset=utf-8' }),
      ...(name === 'half.csv' && { 'content-length': '1000000' }),
    });
    if (name === 'half.csv') response.write(csv, () => response.destroy());
    else response.end(csv);
  });
  const REFUSED = [
    ['none.csv', 'answers 404', 'no such file'],
    [
      'closed.csv',
      'does not let other pages read it (CORS)',
      'download the file there and drop it here',
    ],
    ['page.csv', 'answers with a web page', 'Raw'],
    ['half.csv', 'half.csv breaks off', 'read it again'],
  ] as const;
  const ask = async (name: string) => {
    await page.click('#address');
    await page.fill('dialog input', `${url}/some/${name}`);
    await page.click('dialog button[type=submit]');
  };
  await ask('moved.csv');
  await fitted(page, 'moved', 272);
  for (const [name, message, hint] of REFUSED) {
    await ask(name);
    await page.waitForSelector('#problem[data-code="SOURCE_FAILED"]:not([hidden])');
    await page.waitForSelector(`#problem-message:text(${JSON.stringify(message)})`);
    expect(await page.textContent('#problem-hint')).toContain(hint);
    await page.click('#problem-dismiss');
  }
  expect(await page.textContent('#headline')).toMatch(/^272 samples/);
  expect(paths).toEqual(
    ['moved.csv', 'flowers.csv', ...REFUSED.map(([name]) => name)].map(
      (name) => `GET /some/${name}`,
    ),
  );
  expect([...hosts].filter((host) => host !== '' && host !== new URL(page.url()).host)).toEqual([
    new URL(url).host,
  ]);
  await closeData();
  // (the browser itself reports what failed of these)
  expect(
    failures.filter(
      (failure) => !/404|CORS|ERR_FAILED|ERR_INCOMPLETE|CONTENT_LENGTH/.test(failure),
    ),
  ).toEqual([]);
  await close();
});
