import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { changes, converged, noProblem, number, reads, saved, text } from './browser.mjs';
import { axes, centre, drag, dropText, painted, rotated } from './hands.mjs';

/** Total log-likelihood −1130.264 of 272 samples: the optimum for K = 2, full. */
const OLD_FAITHFUL_OPTIMUM = -4.15538;
const FAITHFUL = '#data=faithful&speed=full';
/** Every page, and what shows that it has come to rest. */
const PAGES = {
  cluster: { path: '', at: '#iteration', is: /^([3-9]|\d\d+)$/ },
  digits: { path: 'digits/', at: '#status', is: /Converged|Stopped at/ },
  learn: { path: 'learn/#worked/2', at: '#bound-bars', is: /./ },
  bench: { path: 'bench/', at: '#headline', is: /Nothing measured yet/ },
};

const near = (value, wanted, tolerance, what) =>
  assert.ok(
    Math.abs(value - wanted) <= tolerance,
    `${what}: ${value}, not ${wanted} ± ${tolerance}`,
  );

async function atOptimum(page) {
  await converged(page);
  near(await number(page, '#lower-bound'), OLD_FAITHFUL_OPTIMUM, 2e-5, 'the lower bound');
}

/** By name; each gets the browser, and gives a word of what it saw. */
export const CHECKS = {
  async 'every page opens, says where it computes, and fits 1440 and 360 px'(firefox, options) {
    for (const [name, { path, at, is }] of Object.entries(PAGES)) {
      for (const width of [1440, 360]) {
        const check = async (page) => {
          await reads(page, at, is);
          await noProblem(page);
          const { wide, room } = await page.evaluate(() => ({
            wide: document.documentElement.scrollWidth,
            room: document.documentElement.clientWidth,
          }));
          assert.equal(wide, room, `${name} scrolls sideways at ${width}`);
          if (name !== 'learn') await saysWhere(page, options);
          if (options.pictures === undefined) return;
          await mkdir(options.pictures, { recursive: true });
          const file = join(options.pictures, `${name}-${width}.png`);
          await page.screenshot({ path: file, fullPage: true });
        };
        await firefox.onPage(path, check, { width, height: 900 });
      }
    }
  },

  'Old Faithful converges to its optimum, in two colours': (firefox) =>
    firefox.onPage(FAITHFUL, async (page) => {
      await atOptimum(page);
      assert.equal((await page.$$('#overlay .sigma')).length, 6);
      const { first, second, share } = await painted(page);
      assert.ok(Math.min(first, second) > 300 && share < 0.5, `${first}, ${second}, ${share}`);
      // what the fit is worth: labels, responsibilities and entropies of every sample
      await reads(page, '#component-note', /Ambiguous: 0\.0% of all samples/);
      await noProblem(page);
      return text(page, '#headline');
    }),

  'a hundred thousand samples run, by colour, density and entropy': (firefox, { webgpu }) =>
    firefox.onPage('#speed=1', async (page) => {
      await reads(page, '#iteration', /^([2-9]|\d\d+)$/);
      const headline = await text(page, '#headline');
      assert.match(headline, webgpu ? /^100,000 samples/ : /, CPU, \d+ threads$/);
      // the threads answer: a reason is given where they could not be had
      assert.doesNotMatch(await text(page, '#where-reason'), /thread/);
      const before = await painted(page);
      await page.click('#run');
      await reads(page, '#status', /^Paused/);
      await page.select('#colour-by', 'entropy');
      await page.click('#density');
      await page.waitForSelector('#density[aria-pressed="true"]');
      const after = await painted(page);
      assert.ok(before.share > 0.02 && after.share > 0.02, `${before.share}, ${after.share}`);
      await noProblem(page);
      return headline;
    }),

  'back, forth, scrubbed, and on from there': (firefox) =>
    firefox.onPage(FAITHFUL, async (page) => {
      await atOptimum(page);
      const last = await number(page, '#iteration');
      await page.click('#step-back');
      await reads(page, '#iteration', new RegExp(`^${last - 1}$`));
      await page.focus('#scrub');
      await page.keyboard.press('Home');
      await reads(page, '#status', /^At the start/);
      await page.keyboard.press('ArrowRight');
      await reads(page, '#iteration', /^1$/);
      await page.click('#step');
      await reads(page, '#iteration', /^2$/);
      await page.click('#run');
      await atOptimum(page);
      await noProblem(page);
    }),

  'the plot is moved by wheel, drag and keys, and a mean by hand': (firefox) =>
    firefox.onPage(FAITHFUL, async (page) => {
      await atOptimum(page);
      const whole = await axes(page);
      await page.$eval('#plot-tools', (tools) => tools.scrollIntoView({ block: 'end' }));
      const [x, y] = await centre(page, '#plot');
      await page.mouse.move(x, y);
      await changes(page, '#overlay .axis', () => page.mouse.wheel({ deltaY: -400 }));
      const nearer = await axes(page);
      assert.ok(nearer[0] / whole[0] > 1.5, `the wheel: ${whole[0]} to ${nearer[0]}`);
      await page.focus('#plot');
      await changes(page, '#overlay .axis', () => page.keyboard.press('0'));
      await changes(page, '#overlay .axis', () => page.keyboard.press('ArrowRight'));
      await changes(page, '#overlay .axis', () => page.keyboard.press('0'));
      const badge = await centre(page, '#overlay .badge');
      await changes(page, '#component-table tbody tr', () => drag(page, badge, [60, -40]));
      await reads(page, '#status', /by hand/);
      await page.click('#run');
      await atOptimum(page);
      await noProblem(page);
    }),

  'a dropped file is read in a worker, and fitted': (firefox) =>
    firefox.onPage(FAITHFUL, async (page) => {
      await converged(page);
      await dropText(page, 'rotated.csv', rotated());
      await reads(page, '#headline', /^300 samples/);
      await converged(page);
      await noProblem(page);
    }),

  'labels in every format, a model, a picture, the code and a link are taken away': (firefox) =>
    firefox.onPage('#data=faithful&k=3&seed=4&speed=full', async (page) => {
      await converged(page);
      await page.waitForSelector('#worth-bic:not(:empty)');
      const csv = await saved(page, firefox, '#download-labels', 'old-faithful-labels.csv');
      assert.equal(csv.toString().trim().split('\n').length, 273);
      await page.select('#result-format', 'npy');
      const npy = await saved(
        page,
        firefox,
        '#download-responsibilities',
        'old-faithful-responsibilities.npy',
      );
      assert.match(npy.toString('latin1'), /^.NUMPY[^]*'shape': \(272, 3\)/);
      await page.select('#result-format', 'parquet');
      const parquet = await saved(page, firefox, '#download-labels', 'old-faithful-labels.parquet');
      assert.match(parquet.toString('latin1'), /^PAR1[^]*PAR1$/);
      const model = await saved(page, firefox, '#download-model', 'old-faithful-model.json');
      assert.equal(JSON.parse(model).weights.length, 3);
      const png = await saved(page, firefox, '#save-png', 'old-faithful.png');
      assert.equal(png.subarray(1, 4).toString(), 'PNG');

      await page.click('#copy-code');
      await reads(page, '.code-dialog code', /GaussianMixture/);
      await page.click('#copy-shown');
      await reads(page, '#copy-shown', /^Copied/);
      const code = await text(page, '.code-dialog code');
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), code);
      await page.keyboard.press('Escape');
      await page.click('#copy-link');
      await reads(page, '#copy-link', /^Copied/);
      const link = new URL(await page.evaluate(() => navigator.clipboard.readText()));
      const bound = await text(page, '#lower-bound');
      await noProblem(page);
      await firefox.onPage(link.hash, async (other) => {
        await converged(other);
        assert.equal(await text(other, '#lower-bound'), bound);
        assert.equal(await text(other, '#component-table'), await text(page, '#component-table'));
      });
      return link.hash;
    }),

  'light and dark are switched and remembered': (firefox) =>
    firefox.onPage('learn/', async (page) => {
      const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
      const before = await theme();
      await page.click('#theme');
      assert.notEqual(await theme(), before);
      const switched = await theme();
      await page.reload();
      assert.equal(await theme(), switched);
      await page.click('#theme');
      assert.equal(await theme(), before);
    }),

  'the benchmark measures a small shape': (firefox, { webgpu }) =>
    firefox.onPage('bench/', async (page) => {
      await reads(page, '#headline', /Nothing measured yet/);
      await page.evaluate(
        (sides) => {
          const wanted = { samples: ['1000'], features: ['2'], components: ['2'], sides };
          for (const [list, values] of Object.entries(wanted)) {
            for (const box of document.querySelectorAll(`#${list} input:enabled`)) {
              if (box.checked !== values.includes(box.value)) box.click();
            }
          }
        },
        ['cpu', ...(webgpu ? ['webgpu'] : ['threads'])],
      );
      await page.click('#run');
      await reads(page, '#status', /measured in/);
      await noProblem(page);
      const cells = await page.$$eval('#times tbody tr > *', (all) =>
        all.map((cell) => cell.textContent),
      );
      assert.ok(!cells.some((cell) => /NaN|Infinity/.test(cell)), cells.join(' | '));
      return cells.join(' | ');
    }),
};

/** The reason is this browser's, and the steps are those for it. */
async function saysWhere(page, { webgpu }) {
  await page.waitForSelector('#where:not([data-kind="pending"])');
  const where = (await text(page, '#where')).replace(/\s+/g, ' ');
  assert.doesNotMatch(where, /chrome:|npm/);
  if (webgpu) assert.match(where, /Hardware adapter|Software adapter/);
  else
    assert.match(where, /CPU .*WebGPU in Nightly only.*computed on the CPU.*dom\.webgpu\.enabled/);
}
