// The built page, opened in a browser at an address, panned and zoomed by mouse events: what bench/draw.mjs measures.

/** Data sets of the page's menu by their numbers of samples. */
export const DATA = {
  100000: 'synthetic-100k',
  1000000: 'synthetic-1m',
  10000000: 'synthetic-10m',
};
/** A place of the plot where the synthetic mixture has nothing to take hold of, in shares of its width and height. */
const EMPTY = { x: 0.13, y: 0.12 };
/** And one amid its samples, to zoom in on. */
const AMID = { x: 0.5, y: 0.55 };

export async function onPage(page, address, options) {
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.addInitScript(watchFrames);
  // as if it had been chosen: by itself the page leaves a software adapter for the CPU
  await page.addInitScript(() => localStorage.setItem('webgpu-em.side', 'webgpu'));
  await page.goto(`${address}#data=${DATA[options.samples]}`);
  const size = options.samples.toLocaleString('en-US');
  await page.waitForFunction(
    (wanted) =>
      document.querySelector('#headline')?.textContent?.startsWith(wanted) &&
      Number(document.querySelector('#iteration')?.textContent) >= 2,
    `${size} samples`,
  );
  if (!options.running) await page.click('#run');
  if (options.density) await page.click('#density');
  await page.waitForTimeout(1000);
  // (a click on a button below may have scrolled the plot out of reach)
  await page.evaluate(() => document.querySelector('#plot').scrollIntoView({ block: 'center' }));
  const box = await page.locator('#plot').boundingBox();
  const place = ({ x, y }) => ({ x: box.x + x * box.width, y: box.y + y * box.height });
  const at = place(EMPTY);
  const movements = {
    still: () => page.waitForTimeout(20),
    pan: async (turn) => {
      if (turn === 0) await page.mouse.down();
      await page.mouse.move(
        at.x + 150 * (1 - Math.cos(turn / 25)),
        at.y + 90 * Math.sin(turn / 25),
      );
    },
    zoom: (turn) => page.mouse.wheel(0, turn % 80 < 40 ? -60 : 60),
  };
  const figures = {};
  for (const [name, move] of Object.entries(movements)) {
    const from = name === 'zoom' ? place(AMID) : at;
    await page.mouse.move(from.x, from.y);
    const before = await page.textContent('#overlay .axis');
    await page.evaluate(() => globalThis.frames.begin());
    const end = performance.now() + 1000 * options.seconds;
    let moved = false;
    let turn = 0;
    for (; performance.now() < end; turn++) {
      await move(turn);
      if (!moved && turn % 5 === 4) moved = (await page.textContent('#overlay .axis')) !== before;
    }
    figures[name] = { ...summary(await page.evaluate(() => globalThis.frames.end())), turns: turn };
    if (name === 'pan') await page.mouse.up();
    if (name !== 'still' && !moved)
      throw new Error(`The page did not move in ${turn} turns: ${name}.`);
  }
  if (options.picture) await page.screenshot({ path: options.picture });
  const problem = await page.textContent('#problem-title');
  if (problem || errors.length > 0) throw new Error([problem, ...errors].join('; '));
  return {
    samples: options.samples,
    drawn: await page.textContent('#drawn'),
    headline: await page.textContent('#headline'),
    canvas: await page.evaluate(() => {
      const { width, height } = document.querySelector('#points');
      return `${width} x ${height}`;
    }),
    figures,
  };
}

/** Runs in the page, before its scripts. */
function watchFrames() {
  let running = false;
  let frames = [];
  let device = [];
  GPUQueue.prototype.submit = new Proxy(Reflect.get(GPUQueue.prototype, 'submit'), {
    apply(submit, queue, buffers) {
      Reflect.apply(submit, queue, buffers);
      if (!running) return;
      const started = performance.now();
      void queue.onSubmittedWorkDone().then(() => device.push(performance.now() - started));
    },
  });
  let last = performance.now();
  const tick = (now) => {
    if (running) frames.push(now - last);
    last = now;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
  globalThis.frames = {
    begin() {
      [frames, device] = [[], []];
      running = true;
    },
    end() {
      running = false;
      return { frames, device };
    },
  };
}

function summary({ frames, device }) {
  return { frames: quantiles(frames), device: quantiles(device) };
}

/** Milliseconds. */
function quantiles(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) => Number((sorted[Math.floor(share * (sorted.length - 1))] ?? NaN).toFixed(2));
  return { count: sorted.length, median: at(0.5), p95: at(0.95), most: at(1) };
}
