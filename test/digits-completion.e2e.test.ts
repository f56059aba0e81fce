import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  hidden,
  nHidden,
  onDigits,
  onPaint,
  openDigits,
  picture,
  refilled,
  stopped,
} from './setup/digits-actions.ts';
import { startPage } from './setup/page.ts';
import type { OpenedPage, PageServer } from './setup/page.ts';

let server: PageServer;
let opened: OpenedPage;

// one page with a fit that has stopped, for all tests that only complete digits
beforeAll(async () => {
  server = await startPage();
  // (digits are filled in on the CPU, whatever the fit runs on)
  opened = await openDigits(server, { withoutWebGpu: true });
  await stopped(opened.page, 8);
});

afterAll(() => server?.close());

async function onPage(check: (page: Page) => Promise<void>): Promise<void> {
  await opened.page.check('[name="brush"][value="hide"]');
  await opened.page.fill('#brush-size', '5');
  await check(opened.page);
  expect(opened.failures).toEqual([]);
}

const HALVES: Record<string, (row: number, column: number) => boolean> = {
  bottom: (row) => row >= 14,
  top: (row) => row < 14,
  left: (_, column) => column < 14,
  right: (_, column) => column >= 14,
};

describe('a digit', () => {
  test('is filled in where it is hidden, and left as it is elsewhere', () =>
    onPage(async (page) => {
      const truth = await picture(page, '#truth');
      for (const [name, isHidden] of Object.entries(HALVES)) {
        await page.click('[data-hide="nothing"]');
        await hidden(page, 0);
        expect(await picture(page, '#completed')).toEqual(truth);
        await page.click(`[data-hide="${name}"]`);
        await hidden(page, 392);
        const pixels = Array.from({ length: 784 }, (_, d) => d);
        const ofHidden = pixels.filter((d) => isHidden(Math.floor(d / 28), d % 28));
        const ofSeen = pixels.filter((d) => !ofHidden.includes(d));
        const [seen, completed] = [
          await picture(page, '#paint'),
          await picture(page, '#completed'),
        ];
        for (const drawn of [seen, completed]) {
          expect(ofSeen.filter((d) => drawn.colours[d] !== truth.colours[d])).toEqual([]);
        }
        // the prediction is many shades; what is hidden shows two, and never paper or ink
        expect(new Set(ofHidden.map((d) => completed.colours[d])).size).toBeGreaterThan(40);
        const hatch = new Set(ofHidden.map((d) => seen.colours[d]));
        expect(hatch.size).toBe(2);
        expect(truth.colours.filter((colour) => hatch.has(colour))).toEqual([]);
      }
      await page.click('[data-hide="random"]');
      await page.waitForFunction(
        () => !document.querySelector('#paint')!.getAttribute('aria-label')!.includes('392'),
      );
      expect(await nHidden(page)).toBeGreaterThan(380);
      expect(await nHidden(page)).toBeLessThan(560);
    }));

  test('costs less by its components than by the mean of all digits', () =>
    onPage(async (page) => {
      let better = 0;
      for (let i = 0; i < 12; i++) {
        const note = (await page.textContent('#completion-note')) ?? '';
        const [cost, mean] = [...note.matchAll(/([\d.]+) nats/g)].map((match) => Number(match[1]));
        if (cost < mean) better++;
        const before = await picture(page, '#completed');
        await page.click('#digit-next');
        await refilled(page, before);
      }
      expect(better).toBeGreaterThanOrEqual(8);
    }));

  test('has a posterior over components that sums to 1, and goes on changing with the fit', () =>
    onPage(async (page) => {
      const posterior = () =>
        page
          .locator('#posterior li:not([hidden])')
          .evaluateAll((rows) =>
            rows.map((row) => Number((row as HTMLElement).dataset['probability'])),
          );
      for (const name of ['nothing', 'bottom', 'random', 'top']) {
        const before = await picture(page, '#completed');
        await page.click(`[data-hide="${name}"]`);
        await refilled(page, before);
        const shares = await posterior();
        expect(shares).toHaveLength(6);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
        const five = shares.slice(0, 5);
        expect(five).toEqual([...five].sort((a, b) => b - a));
      }
      expect(await page.locator('#component-grid .lit').count()).toBeGreaterThan(0);
      const before = await picture(page, '#completed');
      await page.click('#step');
      await refilled(page, before);
    }));

  test('is picked one by one, at random, and by its kind', () =>
    onPage(async (page) => {
      const caption = () => page.textContent('#truth-caption');
      const place = async () =>
        Number(/^Number (\d+) of 500/.exec((await page.textContent('#digit-note'))!)?.[1]);
      const [first, firstPlace] = [await picture(page, '#truth'), await place()];
      await page.click('#digit-next');
      expect(await picture(page, '#truth')).not.toEqual(first);
      expect(await place()).toBe(firstPlace + 1);
      await page.click('#digit-previous');
      expect(await picture(page, '#truth')).toEqual(first);
      await page.click('#digit-random');
      expect(await place()).not.toBe(firstPlace);
      await page.selectOption('#digit-class', '3');
      expect(await caption()).toBe('The digit: a 3');
      // all fifty of them, and the first again
      const places = await page.evaluate(() => {
        const seen: (string | null)[] = [];
        for (let i = 0; i < 50; i++) {
          document.querySelector<HTMLButtonElement>('#digit-next')!.click();
          seen.push(document.querySelector('#digit-note')!.textContent);
        }
        return seen;
      });
      expect(new Set(places).size).toBe(50);
      expect(places.at(-1)).toMatch(new RegExp(`^Number ${await place()} `));
      await page.click('#digit-random');
      expect(await caption()).toBe('The digit: a 3');
      await page.selectOption('#digit-class', 'any');
    }));
});

describe('the brush', () => {
  test('hides what it passes, and the digit is filled in at every move', () =>
    onPage(async (page) => {
      await page.click('[data-hide="nothing"]');
      await hidden(page, 0);
      const truth = await picture(page, '#truth');
      let completed = await picture(page, '#completed');
      const start = await onPaint(page, 4, 13);
      await page.mouse.move(start.x, start.y);
      await page.mouse.down();
      const counts = [];
      for (const row of [8, 12, 16, 20]) {
        const { x, y } = await onPaint(page, row, 13);
        await page.mouse.move(x, y, { steps: 3 });
        completed = await refilled(page, completed);
        counts.push(await nHidden(page));
      }
      await page.mouse.up();
      expect(counts).toEqual([...counts].sort((a, b) => a - b));
      // a stroke of 17 pixels in length and 5 in width, round at its ends
      expect(counts.at(-1)).toBeGreaterThan(17 * 5);
      expect(counts.at(-1)).toBeLessThan(22 * 6);
      // with the button up nothing is painted
      const away = await onPaint(page, 20, 25);
      await page.mouse.move(away.x, away.y, { steps: 3 });
      expect(await nHidden(page)).toBe(counts.at(-1));
      const outside = [...truth.colours.keys()].filter((d) => Math.abs((d % 28) - 13) > 3);
      expect(outside.filter((d) => completed.colours[d] !== truth.colours[d])).toEqual([]);

      // a wider brush that gives back wipes all of it away
      await page.check('[name="brush"][value="show"]');
      await page.fill('#brush-size', '11');
      const top = await onPaint(page, 1, 13);
      const end = await onPaint(page, 24, 13);
      await page.mouse.move(top.x, top.y);
      await page.mouse.down();
      await page.mouse.move(end.x, end.y, { steps: 4 });
      await page.mouse.up();
      await hidden(page, 0);
      expect(await picture(page, '#completed')).toEqual(truth);
    }));

  test('paints by keyboard, and says where it is', () =>
    onPage(async (page) => {
      await page.click('[data-hide="nothing"]');
      await hidden(page, 0);
      await page.focus('#paint');
      await page.keyboard.press('ArrowUp');
      expect(await page.textContent('#brush-live')).toBe('Row 14, column 15: seen');
      expect(await nHidden(page)).toBe(0);
      await page.keyboard.press('Space');
      await hidden(page, 21);
      expect(await page.textContent('#brush-live')).toBe('Row 14, column 15: hidden');
      await page.keyboard.press('Shift+ArrowRight');
      await hidden(page, 26);
      expect(await page.locator('#brush-outline').isVisible()).toBe(true);
      await page.keyboard.press('Tab');
      expect(await page.locator('#brush-outline').isVisible()).toBe(false);
    }));

  test('paints by finger, and the page stays where it is', () =>
    onDigits(
      server,
      async (page) => {
        await stopped(page, 1);
        await page.click('[data-hide="nothing"]');
        await hidden(page, 0);
        await page.locator('#paint').scrollIntoViewIfNeeded();
        const scrolled = await page.evaluate(() => window.scrollY);
        const touch = await page.context().newCDPSession(page);
        const at = async (type: 'touchStart' | 'touchMove', row: number) =>
          touch.send('Input.dispatchTouchEvent', {
            type,
            touchPoints: [await onPaint(page, row, 10)],
          });
        await at('touchStart', 6);
        for (const row of [9, 12, 15, 18]) await at('touchMove', row);
        await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
        await page.waitForFunction(() => {
          const label = document.querySelector('#paint')!.getAttribute('aria-label')!;
          return Number(/(\d+) pixel/.exec(label)?.[1]) > 60;
        });
        expect(await page.evaluate(() => window.scrollY)).toBe(scrolled);
      },
      { withoutWebGpu: true, hasTouch: true, viewport: { width: 360, height: 740 } },
    ));
});
