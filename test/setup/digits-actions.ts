import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { iteration, status } from './page-actions.ts';
import type { OpenedPage, OpenOptions, PageServer } from './page.ts';

export function openDigits(server: PageServer, options?: OpenOptions): Promise<OpenedPage> {
  return server.open({ path: 'digits/', ...options });
}

/** Opens /digits, and after the test checks that nothing went wrong behind it. */
export async function onDigits(
  server: PageServer,
  check: (page: Page, opened: OpenedPage) => Promise<void>,
  options?: OpenOptions,
): Promise<void> {
  const opened = await openDigits(server, options);
  try {
    await check(opened.page, opened);
    expect(opened.failures).toEqual([]);
    expect(await opened.page.textContent('#problem-title')).not.toContain('graphics device');
  } finally {
    await opened.close();
  }
}

/**
 * A fit of few components, stopped after some iterations: what is filled in does not change by itself any more. Step by step: one
 * that runs has converged, on a busy machine, before it can be stopped.
 */
export async function stopped(page: Page, iterations: number): Promise<void> {
  await page.waitForSelector('#component-grid li');
  await setNumber(page, '#components', 10);
  await page.click('#reset');
  await status(page, 'At the start');
  await page.waitForSelector('#component-grid li:nth-child(10):last-child');
  for (let i = 1; i <= iterations; i++) {
    await page.click('#step');
    await iteration(page, i);
  }
  await status(page, 'Stopped');
}

/** Stops a fit where it still runs, and waits for its end. */
export async function halted(page: Page): Promise<void> {
  await page.evaluate(() => {
    const run = document.querySelector('#run') as HTMLButtonElement;
    if (run.textContent === 'Stop') run.click();
  });
  await page.waitForFunction(() =>
    /^(Stopped$|Converged)/.test(document.querySelector('#status')?.textContent ?? ''),
  );
}

/** A canvas of the page as it is drawn: one number, 0xrrggbb, a pixel. */
export interface Picture {
  rows: number;
  columns: number;
  colours: number[];
}

export function picture(page: Page, selector: string): Promise<Picture> {
  return page.locator(selector).evaluate((canvas: HTMLCanvasElement) => {
    const { width, height } = canvas;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height);
    const colours = Array.from(
      { length: width * height },
      (_, i) => (data[4 * i] << 16) | (data[4 * i + 1] << 8) | data[4 * i + 2],
    );
    return { rows: height, columns: width, colours };
  });
}

/** All component images in one text, to see whether they changed. */
export function componentImages(page: Page): Promise<string> {
  return page
    .locator('#component-grid canvas')
    .evaluateAll((all) => all.map((one) => (one as HTMLCanvasElement).toDataURL()).join(' '));
}

/** Waits until the digit is filled in otherwise than in that picture. */
export async function refilled(page: Page, before: Picture): Promise<Picture> {
  await page.waitForFunction((former) => {
    const canvas = document.querySelector<HTMLCanvasElement>('#completed')!;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return former.some(
      (colour, i) =>
        colour !== ((data[4 * i] << 16) | (data[4 * i + 1] << 8) | data[4 * i + 2]) ||
        data.length !== 4 * former.length,
    );
  }, before.colours);
  return picture(page, '#completed');
}

/** The middle of a pixel of the picture that is painted on, on the screen. */
export async function onPaint(page: Page, row: number, column: number, size = 28) {
  const box = (await page.locator('#paint').boundingBox())!;
  return {
    x: box.x + ((column + 0.5) / size) * box.width,
    y: box.y + ((row + 0.5) / size) * box.height,
  };
}

/** How many pixels are hidden, as the page says. */
export async function nHidden(page: Page): Promise<number> {
  const label = (await page.getAttribute('#paint', 'aria-label')) ?? '';
  return Number(/(\d+) pixels? hidden/.exec(label)?.[1] ?? Number.NaN);
}

export async function hidden(page: Page, count: number): Promise<void> {
  await page.waitForFunction(
    (wanted) =>
      document.querySelector('#paint')?.getAttribute('aria-label')?.includes(`: ${wanted} pixel`),
    count,
  );
}

/** Drops files anywhere on the page. */
export async function dropFiles(
  page: Page,
  files: readonly { name: string; bytes: Uint8Array }[],
): Promise<void> {
  await page.waitForSelector('#data-set option', { state: 'attached' });
  await page.evaluate(
    (encoded) => {
      const dataTransfer = new DataTransfer();
      for (const { name, bytes } of encoded) {
        dataTransfer.items.add(new File([Uint8Array.from(bytes)], name));
      }
      for (const type of ['dragenter', 'dragover', 'drop']) {
        document.body.dispatchEvent(
          new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }),
        );
      }
    },
    files.map(({ name, bytes }) => ({ name, bytes: [...bytes] })),
  );
}

/** Sets a number field of the form. */
export async function setNumber(page: Page, id: string, value: number): Promise<void> {
  await page.fill(id, String(value));
  await page.press(id, 'Enter');
}
