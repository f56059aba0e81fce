import type { Locator, Page } from 'playwright-core';

export interface Axes {
  /** Units at a place in CSS pixels of the page. */
  units(x: number, y: number): [number, number];
  pixels(x: number, y: number): [number, number];
  /** CSS pixels a unit. */
  scale: [number, number];
}

/** How the plot's axes lie, read from the ticks as a person would. */
export async function axes(page: Page): Promise<Axes> {
  const read = await page.evaluate(() => {
    const ticks = (name: string, along: 'x' | 'y') =>
      [...document.querySelectorAll(`#overlay .${name}`)].map((tick) => ({
        value: Number(tick.textContent.replaceAll(',', '').replace('−', '-')),
        at: Number(tick.getAttribute(along)) - (along === 'y' ? 4 : 0),
      }));
    const { left, top } = document.querySelector('#plot')!.getBoundingClientRect();
    return { x: ticks('tick-x', 'x'), y: ticks('tick-y', 'y'), left, top };
  });
  const line = (ticks: { value: number; at: number }[], from: number) => {
    const [first, last] = [ticks[0], ticks.at(-1)!];
    const scale = (last.at - first.at) / (last.value - first.value);
    return {
      scale,
      to: (value: number) => from + first.at + (value - first.value) * scale,
      of: (pixels: number) => first.value + (pixels - from - first.at) / scale,
    };
  };
  const [x, y] = [line(read.x, read.left), line(read.y, read.top)];
  return {
    units: (px, py) => [x.of(px), y.of(py)],
    pixels: (ux, uy) => [x.to(ux), y.to(uy)],
    scale: [x.scale, y.scale],
  };
}

/**
 * Waits until the ticks are other ones than before, and stay: the moves of one drag are shown over several frames.
 */
export async function ticksOther(page: Page, act: () => Promise<void>): Promise<Axes> {
  await other(page, '#overlay .axis', act);
  return axes(page);
}

/** Frames in which nothing changes before what is shown counts as the end of it. */
const STILL = 8;

/** Waits until an element is another one than before `act`, and then the same for some frames. */
async function other(page: Page, selector: string, act: () => Promise<void>): Promise<void> {
  const before = await page.locator(selector).evaluate((element) => element.outerHTML);
  await act();
  await page.evaluate(
    ([at, old, still]) =>
      new Promise<void>((resolve) => {
        let last = old;
        let frames = 0;
        const look = () => {
          const now = document.querySelector(at)?.outerHTML ?? old;
          frames = now === last ? frames + 1 : 0;
          last = now;
          if (now !== old && frames >= still) resolve();
          else requestAnimationFrame(look);
        };
        look();
      }),
    [selector, before, STILL] as const,
  );
}

export async function centre(mark: Locator): Promise<[number, number]> {
  const { x, y, width, height } = (await mark.boundingBox())!;
  return [x + width / 2, y + height / 2];
}

export async function dragged(
  page: Page,
  from: [number, number],
  by: [number, number],
): Promise<void> {
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move(from[0] + by[0] / 2, from[1] + by[1] / 2, { steps: 3 });
  await page.mouse.move(from[0] + by[0], from[1] + by[1], { steps: 3 });
  await page.mouse.up();
}

/** "4.29 ± 0.41" of every feature of one component. */
export async function row(
  page: Page,
  component: number,
): Promise<{ mean: number; deviation: number }[]> {
  const cells = await page
    .locator(`#component-table tbody tr:nth-child(${component + 1}) td`)
    .allTextContents();
  return cells
    .filter((cell) => cell.includes('±'))
    .map((cell) => {
      const [mean, deviation] = cell.replace('−', '-').split('±').map(Number);
      return { mean, deviation };
    });
}

/** Waits until a component's row of the table is another one, and stays. */
export async function rowOther(page: Page, component: number, act: () => Promise<void>) {
  await other(page, `#component-table tbody tr:nth-child(${component + 1})`, act);
  return row(page, component);
}
