import { readFile } from 'node:fs/promises';
import { decode } from 'fast-png';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { flowers } from './setup/flowers.ts';
import {
  converged,
  drop,
  noProblem,
  number,
  samplesShown,
  status,
  violations,
} from './setup/page-actions.ts';
import { axes, centre, dragged, row, rowOther, ticksOther } from './setup/plot-actions.ts';
import { startPage } from './setup/page.ts';
import type { PageServer } from './setup/page.ts';

/** Total log-likelihood −1130.264 of 272 samples: the optimum for K = 2, full. */
const OLD_FAITHFUL_OPTIMUM = -4.15538;

let server: PageServer;

beforeAll(async () => {
  server = await startPage();
});

afterAll(() => server?.close());

async function opened(check: (page: Page) => Promise<void>, options = {}): Promise<void> {
  const { page, failures, close } = await server.open({
    path: '#data=faithful',
    withoutWebGpu: true,
    reducedMotion: 'reduce',
    ...options,
  });
  try {
    await samplesShown(page, '272');
    await page.waitForSelector('#overlay .badge:nth-of-type(2):last-of-type');
    await status(page, 'At the start');
    // so that no click on them scrolls
    await page.locator('#plot-tools').scrollIntoViewIfNeeded();
    await check(page);
    await noProblem(page);
    expect(failures).toEqual([]);
  } finally {
    await close();
  }
}

function nStarts(page: Page, count: number) {
  return page.waitForFunction(
    (wanted) => document.querySelectorAll('#overlay .start').length === wanted,
    count,
  );
}

test('the plot is moved, zoomed, edited and saved by hand', () =>
  opened(async (page) => {
    const whole = await axes(page);
    // (a wheel's place comes in whole pixels)
    const [x, y] = whole.pixels(4, 80).map(Math.round);
    const at: [number, number] = [x, y];
    const [eruption, wait] = whole.units(x, y);
    const scrolled = () => page.evaluate(() => window.scrollY);
    const top = await scrolled();

    // the wheel zooms to the pointer, and the page stays
    await page.mouse.move(...at);
    const near = await ticksOther(page, () => page.mouse.wheel(0, -400));
    expect(near.scale[0] / whole.scale[0]).toBeGreaterThan(1.5);
    expect(near.units(...at)[0]).toBeCloseTo(eruption, 2);
    expect(near.units(...at)[1]).toBeCloseTo(wait, 1);
    expect(await scrolled()).toBe(top);
    // a double click too, and the button shows all again
    const nearer = await ticksOther(page, () => page.mouse.dblclick(...at));
    expect(nearer.units(...at)[0]).toBeCloseTo(eruption, 2);
    expect(nearer.scale[0] / near.scale[0]).toBeCloseTo(2, 1);
    const fitted = await ticksOther(page, () => page.click('#zoom-fit'));
    expect(fitted.scale[0]).toBeCloseTo(whole.scale[0], 6);

    // an empty part follows the pointer
    const empty = whole.pixels(2.2, 85);
    const panned = await ticksOther(page, () => dragged(page, empty, [120, -60]));
    expect(panned.units(empty[0] + 120, empty[1] - 60)[0]).toBeCloseTo(2.2, 2);
    expect(panned.units(empty[0] + 120, empty[1] - 60)[1]).toBeCloseTo(85, 1);

    // the keyboard: what it does is told to who cannot see it
    const described = await page.getAttribute('#plot', 'aria-describedby');
    expect(await page.textContent(`#${described}`)).toMatch(/Arrow keys: .*0: show all/);
    await page.focus('#plot');
    await ticksOther(page, () => page.keyboard.press('0'));
    const right = await ticksOther(page, () => page.keyboard.press('ArrowRight'));
    expect(right.units(...at)[0]).toBeGreaterThan(4.1);
    const closer = await ticksOther(page, () => page.keyboard.press('+'));
    expect(closer.scale[1] / right.scale[1]).toBeCloseTo(1.5, 2);
    await page.waitForFunction(() =>
      document.querySelector('#live')?.textContent?.startsWith('Showing eruption (minutes)'),
    );
    await ticksOther(page, () => page.keyboard.press('0'));

    // a click selects a sample: 272 of them, this one at 4.933 and 88
    const sample = whole.pixels(4.933, 88);
    await page.mouse.click(sample[0] + 3, sample[1] - 2);
    await page.waitForSelector('#overlay .ring', { state: 'attached' });
    const ring = await centre(page.locator('#overlay .ring'));
    expect(Math.hypot(ring[0] - sample[0], ring[1] - sample[1])).toBeLessThan(1.5);
    const ringAt = () => page.locator('#overlay .ring').evaluate((mark) => mark.getAttribute('cx'));
    const clicked = await ringAt();
    const ringMoves = (to: string) =>
      page.waitForSelector(`#overlay .ring${to}`, { state: 'attached' });
    await page.keyboard.press('n');
    await ringMoves(`:not([cx="${clicked}"])`);
    await page.keyboard.press('Shift+N');
    await ringMoves(`[cx="${clicked}"]`);
    await page.keyboard.press('Escape');
    await page.waitForSelector('#overlay .ring', { state: 'detached' });

    // a mean is dragged by its number
    const badge = page.locator('#overlay .badge').nth(1);
    const before = await row(page, 1);
    await dragged(page, await centre(badge), [-150, 100]);
    // (every move of a drag is a mixture that is drawn: the last of them is waited for)
    const along = async (d: number) => (await row(page, 1))[d].mean - before[d].mean;
    await expect.poll(() => along(0)).toBeCloseTo(-150 / whole.scale[0], 1);
    await expect.poll(() => along(1)).toBeCloseTo(100 / whole.scale[1], 0);
    const moved = await row(page, 1);
    expect(moved[0].deviation).toBeCloseTo(before[0].deviation, 3);

    // with the focus it stands out and has handles; Tab comes to one of them, and arrows go to the others
    const stops = page.locator('#overlay .badge[tabindex="0"]');
    await page.focus('#plot');
    await page.keyboard.press('Tab');
    const focused = () =>
      page.evaluate(() => document.activeElement?.getAttribute('data-component'));
    const begun = await focused();
    await page.keyboard.press('Home');
    expect(await focused()).toBe('0');
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toBe('1');
    await page.keyboard.press('ArrowUp');
    expect(await focused()).toBe('0');
    await page.keyboard.press('End');
    expect(await focused()).toBe('1');
    expect(['0', '1']).toContain(begun);
    await page.waitForSelector('#overlay .badge[tabindex="0"][data-component="1"]');
    expect(await stops.count()).toBe(1);
    expect(await row(page, 1)).toEqual(moved);
    expect(await badge.getAttribute('aria-label')).toMatch(/^Component 1, weight 0\.\d\d, mean/);
    await page.waitForFunction(() => document.querySelectorAll('#overlay .handle').length === 5);
    expect(await page.locator('#overlay .component.dim').count()).toBe(1);
    expect(await page.locator('#overlay .component.strong').count()).toBe(1);
    // taken hold of, keys move, scale and turn it
    await page.keyboard.press('Enter');
    await page.waitForSelector('#overlay .badge[aria-pressed="true"][data-component="1"]');
    const up = await rowOther(page, 1, () => page.keyboard.press('Shift+ArrowUp'));
    expect(up[1].mean).toBeGreaterThan(moved[1].mean + 3);
    const grown = await rowOther(page, 1, () => page.keyboard.press(']'));
    expect(grown[0].deviation / up[0].deviation).toBeCloseTo(1.1, 2);
    const turned = await rowOther(page, 1, () => page.keyboard.press(','));
    expect(turned[0].deviation).not.toBeCloseTo(grown[0].deviation, 3);
    expect(turned[0].mean).toBe(grown[0].mean);

    // a handle stretches its ellipse: twice as far from the mean is twice as wide there
    // (of a smaller plot, so that all of the ellipse is in it)
    await ticksOther(page, () => page.keyboard.press('-'));
    const handle = page.locator('#overlay .handle-second').first();
    const [mx, my] = await centre(badge);
    const [hx, hy] = await centre(handle);
    const axis = page.locator('#overlay .component.strong .sigma-1');
    const short = Number(await axis.getAttribute('ry'));
    await dragged(page, [hx, hy], [(hx - mx) / 2, (hy - my) / 2]);
    await expect
      .poll(async () => Number(await axis.getAttribute('ry')) / short)
      .toBeCloseTo(1.5, 1);
    expect(await violations(page)).toEqual([]);

    // and the fit goes on from there to where it always ends
    await page.click('#run');
    await converged(page);
    expect(await number(page, '#lower-bound')).toBeCloseTo(OLD_FAITHFUL_OPTIMUM, 4);

    // a picture of what is seen
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save-png')]);
    expect(download.suggestedFilename()).toBe('old-faithful.png');
    const png = decode(await readFile(await download.path()));
    const size = await page.evaluate(() => {
      const { clientWidth, clientHeight } = document.querySelector('#plot')!;
      return { width: clientWidth, height: clientHeight };
    });
    expect([png.width, png.height]).toEqual([size.width, size.height + 34]);
    let [blue, orange] = [0, 0];
    for (let i = 0; i < png.data.length; i += png.channels) {
      const difference = png.data[i + 2] - png.data[i];
      if (difference > 60) blue++;
      if (difference < -60) orange++;
    }
    // samples, and the ellipses over them
    expect(Math.min(blue, orange)).toBeGreaterThan(2000);
  }));

test('starts are placed by mouse and by keyboard, and a fit begins at them', () =>
  opened(async (page) => {
    const { pixels } = await axes(page);
    await page.click('#place-starts');
    await page.mouse.click(...pixels(2, 55));
    await page.mouse.click(...pixels(4.4, 80));
    await page.mouse.click(...pixels(3, 90));
    await nStarts(page, 3);
    await page.click('#undo-start');
    await nStarts(page, 2);
    await page.click('#fit-starts');
    const meanOf = async (k: number, d: number) => (await row(page, k))[d]?.mean;
    await expect.poll(() => meanOf(0, 0)).toBeCloseTo(2, 1);
    await expect.poll(() => meanOf(1, 1)).toBeCloseTo(80, 0);
    await nStarts(page, 0);

    await page.focus('#place-starts');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('plot');
    // the first Enter shows the crosshair, in the middle
    await page.keyboard.press('Enter');
    for (let i = 0; i < 3; i++) await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('Enter');
    for (let i = 0; i < 5; i++) await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await nStarts(page, 3);
    await page.keyboard.press('Backspace');
    await nStarts(page, 2);
    await page.focus('#fit-starts');
    const placed = await rowOther(page, 0, () => page.keyboard.press('Enter'));
    const second = await row(page, 1);
    expect(second[0].mean - placed[0].mean).toBeGreaterThan(1);
    expect(second[1].mean).toBeCloseTo(placed[1].mean, 1);
    await page.focus('#place-starts');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    expect(await page.getAttribute('#place-starts', 'aria-pressed')).toBe('false');

    // more than two features: principal components, and pairs one after another
    await drop(page, 'flowers.csv', flowers(50));
    await page.waitForSelector('#axes:not([hidden])');
    await samplesShown(page, '150');
    await status(page, 'At the start');
    const names = () => page.locator('#overlay .name').allTextContents();
    await page.click('#next-pair');
    await page.waitForFunction(() =>
      document.querySelector('#overlay .name:last-of-type')?.textContent?.includes('petal length'),
    );
    expect(await names()).toEqual(['sepal length', 'petal length']);
    await page.selectOption('#axis-y', { label: 'Principal components' });
    await page.waitForFunction(() =>
      document.querySelector('#overlay .name')?.textContent?.startsWith('PC1'),
    );
    expect(await names()).toEqual([
      'PC1 (94 % of the variance)',
      expect.stringMatching(/^PC2 \(\d.\d % of the variance\)$/),
    ]);
    // a component that is moved along PC1 changes in every feature that PC1 is made of
    const before = await row(page, 0);
    const badge = page.locator('#overlay .badge').first();
    await badge.focus();
    await page.keyboard.press('Enter');
    const moved = await rowOther(page, 0, () => page.keyboard.press('Shift+ArrowRight'));
    const changes = moved.map(({ mean }, d) => mean - before[d].mean);
    expect(changes[2]).toBeGreaterThan(0.3);
    expect(Math.min(Math.abs(changes[0]), Math.abs(changes[3]))).toBeGreaterThan(0.05);
    await page.click('#previous-pair');
    await page.waitForFunction(() =>
      document.querySelector('#overlay .name')?.textContent?.startsWith('sepal'),
    );
    expect(await names()).toEqual(['sepal length', 'sepal width']);
  }));

test('two fingers move and zoom the plot, and one finger scrolls the page', () =>
  opened(
    async (page) => {
      const whole = await axes(page);
      const box = (await page.locator('#plot').boundingBox())!;
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      const client = await page.context().newCDPSession(page);
      const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: [number, number][]) =>
        client.send('Input.dispatchTouchEvent', {
          type,
          touchPoints: points.map(([px, py], id) => ({ x: px, y: py, id })),
        });
      const place = whole.units(x, y);
      const wide = await ticksOther(page, async () => {
        await touch('touchStart', [
          [x - 30, y],
          [x + 30, y],
        ]);
        await touch('touchMove', [
          [x - 60, y],
          [x + 60, y],
        ]);
      });
      await touch('touchEnd', []);
      expect(wide.scale[0] / whole.scale[0]).toBeCloseTo(2, 1);
      expect(wide.units(x, y)[0]).toBeCloseTo(place[0], 1);
      const top = await page.evaluate(() => window.scrollY);
      await touch('touchStart', [[x, y]]);
      for (let i = 1; i <= 6; i++) await touch('touchMove', [[x, y - 20 * i]]);
      await touch('touchEnd', []);
      await page.waitForFunction((from) => window.scrollY > from + 20, top);
      expect((await axes(page)).scale).toEqual(wide.scale);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    },
    { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
  ));
