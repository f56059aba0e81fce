import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  componentImages,
  dropFiles,
  halted,
  hidden,
  onDigits,
  picture,
  setNumber,
  stopped,
} from './setup/digits-actions.ts';
import { idx } from './setup/idx-bytes.ts';
import { keepDevices, loseDevices } from './setup/lost-devices.ts';
import {
  converged,
  isAccessible,
  iteration,
  noProblem,
  number,
  status,
} from './setup/page-actions.ts';
import { startPage } from './setup/page.ts';
import type { PageServer } from './setup/page.ts';

let server: PageServer;

beforeAll(async () => {
  server = await startPage();
});

afterAll(() => server?.close());

/** Where the device is not what is looked at. */
const onCpu = (check: Parameters<typeof onDigits>[1]) =>
  onDigits(server, check, { withoutWebGpu: true });

describe('the fit of the digits', () => {
  test('begins by itself with the digits of the page, and its pictures form', () =>
    onDigits(server, async (page, { iterations }) => {
      const origin = new URL(page.url()).origin;
      const foreign: string[] = [];
      page.on('request', (request) => {
        if (!request.url().startsWith(origin)) foreign.push(request.url());
      });
      await page.waitForSelector('#component-grid li:nth-child(20)');
      expect(await page.textContent('#data-note')).toBe(
        '2,000 digits to fit; 500 others to complete.',
      );
      await iteration(page, 1);
      const early = await componentImages(page);
      const bound = await number(page, '#lower-bound');
      await iteration(page, 4);
      expect(await componentImages(page)).not.toBe(early);
      expect(await number(page, '#lower-bound')).toBeGreaterThan(bound);
      await halted(page);
      const seen = await iterations();
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
      const weights = await page.locator('#component-grid li').allTextContents();
      const sum = weights.reduce((total, text) => total + Number(/([\d.]+)%/.exec(text)?.[1]), 0);
      expect(Math.abs(sum - 100)).toBeLessThan(20 * 0.05 + 1e-9);
      // the bound is the sum of its two terms
      const terms = (await number(page, '#log-likelihood')) + (await number(page, '#log-prior'));
      expect(terms).toBeCloseTo(await number(page, '#lower-bound'), 2);
      expect(await page.textContent('#where-kind')).toMatch(/adapter$/);
      expect(foreign).toEqual([]);
      await noProblem(page);
    }));

  test('stops, steps, resets and goes on', () =>
    onDigits(server, async (page) => {
      await stopped(page, 2);
      const at = Number(await page.textContent('#iteration'));
      const before = await componentImages(page);
      await page.waitForTimeout(400);
      expect(await page.textContent('#iteration')).toBe(String(at));
      await page.click('#step');
      await iteration(page, at + 1);
      await status(page, 'Stopped');
      expect(await componentImages(page)).not.toBe(before);
      await page.click('#reset');
      await status(page, 'At the start');
      await page.click('#run');
      await converged(page);
      expect(await number(page, '#lower-bound')).toBeGreaterThan(-190);
      await noProblem(page);
    }));

  test('goes on from its last iteration where the device is lost, and then on the CPU', () =>
    onDigits(server, async (page, { iterations }) => {
      await page.addInitScript(keepDevices);
      await page.reload();
      await stopped(page, 2);
      const at = Number(await page.textContent('#iteration'));
      const bound = await number(page, '#lower-bound');
      // (the page began by itself before it was stopped, and may have come to its first iteration)
      const earlier = (await iterations()).length;
      await loseDevices(page);
      await page.waitForSelector(
        '#where .event:has-text("was lost; the fit goes on from its last")',
      );
      // what is known is kept, stopped as it was
      await status(page, 'Stopped');
      expect(await page.textContent('#iteration')).toBe(String(at));
      await page.click('#step');
      await iteration(page, at + 1);
      await status(page, 'Stopped');
      expect(await page.textContent('#iteration')).toBe(String(at + 1));
      const next = await number(page, '#lower-bound');
      expect(next).toBeGreaterThan(bound);
      expect(await number(page, '#change')).toBeCloseTo(next - bound, 2);
      // again, this time as it runs
      await page.click('#run');
      await iteration(page, at + 2);
      await page.evaluate(() =>
        (window as unknown as { devices: GPUDevice[] }).devices.forEach((device) =>
          device.destroy(),
        ),
      );
      await page.waitForSelector('#where-kind:text-is("CPU")');
      expect(await page.textContent('#where-reason')).toMatch(/was lost: computed on the CPU/);
      await converged(page);
      const seen = (await iterations()).slice(earlier);
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
      expect(await number(page, '#lower-bound')).toBeGreaterThan(-190);
      await noProblem(page);
    }));

  test('shows why it failed, and goes on with other settings', () =>
    onCpu(async (page) => {
      await page.waitForSelector('#component-grid li');
      const few = idx(
        [12, 4, 4],
        Uint8Array.from({ length: 192 }, (_, i) => (i % 5) * 60),
      );
      await dropFiles(page, [{ name: 'few', bytes: few }]);
      await page.waitForSelector('#problem[data-code="TOO_FEW_SAMPLES"]:not([hidden])');
      expect(await page.textContent('#status')).toBe('Stopped by an error');
      await setNumber(page, '#components', 2);
      await converged(page);
      await noProblem(page);
    }));

  test('runs on the CPU where there is no adapter, and waits where motion is to be reduced', () =>
    onDigits(
      server,
      async (page) => {
        await status(page, 'At the start');
        expect(await page.textContent('#where-kind')).toBe('CPU');
        await setNumber(page, '#components', 10);
        await page.click('#run');
        await converged(page);
        expect(await number(page, '#lower-bound')).toBeGreaterThan(-190);
        await noProblem(page);
      },
      { withoutWebGpu: true, reducedMotion: 'reduce' },
    ));
});

/** Images of 6 x 5 with a bar at the left or at the right, by turns, and some noise. */
const BARS = Uint8Array.from({ length: 40 * 30 }, (_, i) => {
  const [image, column] = [Math.floor(i / 30), i % 5];
  const inked = image % 2 === 0 ? column < 2 : column > 2;
  return inked !== ((i * 7919) % 23 === 0) ? 200 : 20;
});
const SIDES = Uint8Array.from({ length: 40 }, (_, n) => n % 2);
const zip = (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes));

describe('files', () => {
  test('of images, of labels and of images to complete are taken, plain and compressed', () =>
    onCpu(async (page) => {
      const requests: string[] = [];
      const note = (text: string) =>
        page.waitForFunction(
          (wanted) => document.querySelector('#data-note')?.textContent === wanted,
          text,
        );
      await page.waitForSelector('#component-grid li');
      await setNumber(page, '#components', 2);
      page.on('request', (request) => requests.push(request.url()));
      await dropFiles(page, [{ name: 'bars-idx3-ubyte.gz', bytes: zip(idx([40, 6, 5], BARS)) }]);
      await note(
        '36 digits of 6 x 5 to fit; 4 the last of the file, left out of the fit, to complete.',
      );
      await converged(page);
      expect(await page.textContent('#truth-caption')).toBe('The digit');
      expect(await page.locator('#data-set option:checked').textContent()).toBe('bars-idx3-ubyte');
      const { rows, columns } = await picture(page, '#component-grid li canvas >> nth=0');
      expect([rows, columns]).toEqual([6, 5]);
      // the upper half tells left from right, and the lower half follows
      await page.click('[data-hide="bottom"]');
      await hidden(page, 15);
      const probable = () => page.locator('#posterior li').first().getAttribute('data-probability');
      await expect.poll(async () => Number(await probable())).toBeGreaterThan(0.99);

      await dropFiles(page, [{ name: 'bars-labels', bytes: idx([40], SIDES) }]);
      await page.waitForFunction(() =>
        /: a 0/.test(document.querySelector('#truth-caption')!.innerHTML),
      );
      await page.click('#digit-next');
      expect(await page.textContent('#truth-caption')).toBe('The digit: a 1');

      // images to complete of their own: those held out are fitted after all
      const some = BARS.subarray(0, 10 * 30);
      await dropFiles(page, [
        { name: 't10k-labels.gz', bytes: zip(idx([10], SIDES.subarray(0, 10))) },
        { name: 't10k-images', bytes: idx([10, 6, 5], some) },
      ]);
      await note('40 digits of 6 x 5 to fit; 10 others to complete.');
      await converged(page);
      await page.selectOption('#data-set', { label: 'MNIST, a sample' });
      await note('2,000 digits to fit; 500 others to complete.');
      await iteration(page, 1);
      await noProblem(page);
      // the page says that the files stay in the browser
      expect(requests).toEqual([]);
    }));

  test('that cannot be used are named with what is wrong, and the fit goes on', () =>
    onCpu(async (page) => {
      await stopped(page, 1);
      const images = idx([40, 6, 5], BARS);
      const text = new TextEncoder().encode('1,2\n3,4\n');
      const labels = idx([3], [1, 2, 3]);
      for (const [files, message] of [
        [{ broken: images.slice(0, -1) }, /broken: .*1200 values and holds 1199: it is cut off/],
        [{ 'table.csv': text }, /table.csv: The file is not IDX/],
        [{ 'cut.gz': zip(images).slice(0, -20) }, /cut.gz: The gzip file .* is cut off or damaged/],
        [{ labels }, /labels: 3 labels for 2,000 images to fit/],
        [{ images, labels }, /labels: 3 labels for 40 images to fit/],
        [{ 't10k-x': images }, /t10k-x: its images are 6 x 5, those to fit 28 x 28/],
        [{ one: images, other: images }, /one and other are of the same kind/],
      ] as const) {
        const named = Object.entries<Uint8Array>(files);
        await dropFiles(
          page,
          named.map(([name, bytes]) => ({ name, bytes })),
        );
        await page.waitForSelector('#problem[data-code="INVALID_SAMPLES"]:not([hidden])');
        expect(await page.textContent('#problem-message')).toMatch(message);
        expect(await page.textContent('#problem-hint')).not.toBe('');
        await page.click('#problem-dismiss');
      }
      expect(await page.textContent('#headline')).toMatch(/^2,000 digits, 10 components/);
      await page.click('#run');
      await iteration(page, 3);
      await noProblem(page);
    }));
});

describe('the page at /digits', () => {
  test('is reached without its last slash, and links to the Gaussians and back', () =>
    onCpu(async (page) => {
      await page.goto(page.url().replace(/\/$/, ''));
      expect(new URL(page.url()).pathname).toBe('/digits/');
      await page.click('.masthead nav a:text("Cluster")');
      await page.waitForSelector('#overlay .sigma');
      await page.click('.masthead nav a:text("Digits")');
      await page.waitForSelector('#component-grid li');
    }));

  test('draws ink in the colours of day and night', () =>
    onCpu(async (page) => {
      const [WHITE, INK, NIGHT, LIGHT] = [0xffffff, 0x191d22, 0x181c21, 0xe9ebee];
      await stopped(page, 1);
      const tones = async () => new Set((await picture(page, '#truth')).colours);
      expect(await tones()).toEqual(new Set([WHITE, INK]));
      await page.emulateMedia({ colorScheme: 'dark' });
      await expect.poll(tones).toEqual(new Set([NIGHT, LIGHT]));
      expect((await picture(page, '#mosaic')).colours[0]).toBe(NIGHT);
    }));

  test('is accessible and fits its width, on a screen and on a phone, by day and by night', () =>
    onCpu(async (page) => {
      await stopped(page, 1);
      await dropFiles(page, [{ name: 'x', bytes: idx([1], [1]) }]);
      await page.waitForSelector('#problem:not([hidden])');
      await page.focus('#paint');
      await isAccessible(page);
    }));
});
