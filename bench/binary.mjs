// `npm run bench:binary -- --data FOLDER`: mixtures of Bernoullis of real binary data by K, their held-out log-likelihood and
// completed images, and the CPU side against WebGPU on all of MNIST. Runs in headless Chromium; writes JSON, Markdown, a picture.
// It exits with 1 where there is no browser, adapter or data, or where a figure is not what it must be.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { load, openBrowser } from './host.mjs';
import { stampOf } from './stamp.mjs';

const USAGE = `Usage: npm run bench:binary -- --data FOLDER [options]
  --data FOLDER        where NAME.train.data, NAME.valid.data, NAME.test.data (lines of 0,1,...) and MNIST's IDX files lie,
                       gzip-compressed or not; folders in it are searched too
  --components LIST    sizes to fit (default: 1,2,5,10,20,50,100)
  --minutes NUMBER     for all fits together (default: 20); larger fits get larger shares
  --iterations NUMBER  of one fit at most (default: 100)
  --backend NAME       cpu or webgpu, for the fits (default: webgpu on a hardware adapter, else cpu)
  --only LIST          of data sets by name, and "scale" for the comparison of both sides
  --out FOLDER         where the figures go (default: bench/results)
  --picture FILE       where the picture goes (default: docs/digits-completions.png)
  --help
WEBGPU_EM_ADAPTER=hardware runs on the machine's GPU, else on the software adapter.`;

const SCALE_JOBS = [
  { nComponents: 10, iterations: 5 },
  { nComponents: 100, iterations: 4 },
];
/** Completed digits in the picture. */
const SHOWN = 20;

const here = dirname(fileURLToPath(import.meta.url));

process.exitCode = await main();

async function main() {
  let options;
  try {
    options = readOptions();
  } catch (error) {
    console.error(`${error.message}\n${USAGE}`);
    return 2;
  }
  if (options === undefined) {
    console.log(USAGE);
    return 0;
  }
  try {
    return await bench(options);
  } catch (error) {
    console.error(`FAILED: ${error.message}`);
    if (error.hint !== undefined) console.error(error.hint);
    return 1;
  }
}

function readOptions() {
  const text = { type: 'string' };
  const { values } = parseArgs({
    options: {
      data: text,
      components: { ...text, default: '1,2,5,10,20,50,100' },
      minutes: { ...text, default: '20' },
      iterations: { ...text, default: '100' },
      backend: text,
      only: text,
      out: { ...text, default: join(here, 'results') },
      picture: { ...text, default: join(here, '..', 'docs', 'digits-completions.png') },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return undefined;
  if (values.data === undefined) throw new Error('Where is the data? Give --data FOLDER.');
  if (![undefined, 'cpu', 'webgpu'].includes(values.backend)) {
    throw new Error(`--backend is ${String(values.backend)}; it is cpu or webgpu.`);
  }
  const components = values.components.split(',').map((k) => positive('--components', k, true));
  return {
    ...values,
    components: components.toSorted((a, b) => a - b),
    minutes: positive('--minutes', values.minutes, false),
    iterations: positive('--iterations', values.iterations, true),
    only: values.only?.split(','),
  };
}

function positive(name, text, whole) {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value) && (!whole || Number.isInteger(value))) return value;
  throw new Error(`${name} is ${text}; it takes ${whole ? 'whole ' : ''}numbers above 0.`);
}

async function bench(options) {
  const { toMarkdown, complaints } = await load('bench/binary-report.ts');
  const wanted = process.env.WEBGPU_EM_ADAPTER === 'hardware' ? 'hardware' : 'software';
  const sets = await readDataSets(options);
  const browser = await openBrowser(join(here, 'binary-page.ts'), wanted);
  try {
    const adapter = await browser.inPage((page) =>
      page.evaluate(() => globalThis.webgpuEmBinary.findAdapter()),
    );
    if (adapter.reason !== undefined) throw new Error(adapter.reason);
    if (wanted === 'hardware' && adapter.software) {
      throw new Error(
        `A hardware adapter was asked for, but this browser has only ${adapter.name}.`,
      );
    }
    const stamp = stampOf(browser.version, adapter);
    const kind = adapter.software ? 'software' : 'hardware';
    console.error(`${stamp.browser} on ${adapter.name}, ${kind}`);
    for (const set of sets) serveSet(browser, set);

    const failures = [];
    const backend = options.backend ?? (adapter.software ? 'cpu' : 'webgpu');
    const dataSets = await fitAll(browser, sets, { ...options, backend }, failures);
    const scale = await compareAll(browser, sets, options, failures);
    const { minutes, iterations: maxIter } = options;
    const result = { version: 1, stamp, minutes, maxIter, dataSets, scale, failures };
    write(options.out, result, toMarkdown(result));
    const wrong = complaints(result);
    for (const complaint of wrong) console.error(`FAILED: ${complaint}`);
    return wrong.length === 0 ? 0 : 1;
  } finally {
    await browser.close();
  }
}

/** The data sets asked for, packed; MNIST with the shape of its images. */
async function readDataSets({ data, only }) {
  const { findDataSets, parseBinaryCsv } = await load('bench/binary-data.ts');
  const { readIdxImages } = await load('src/io/idx.ts');
  const { binarise } = await load('src/io/binarise.ts');
  const paths = readdirSync(data, { recursive: true }).map((path) => join(data, path));
  const found = findDataSets(paths);
  const named = (name) => only === undefined || only.includes(name);
  // the comparison is of the images
  const chosen = found.filter(
    ({ name, kind }) => named(name) || (kind === 'idx' && named('scale')),
  );
  if (chosen.length === 0) {
    throw new Error(
      `No data set to fit under ${data}. Found: ${found.map(({ name }) => name).join(', ') || 'nothing'}.`,
    );
  }
  const sets = [];
  for (const { name, kind, ...files } of chosen) {
    const set = { name, splits: {}, image: undefined, fitted: named(name) };
    for (const [split, path] of Object.entries(files)) {
      if (kind === 'csv') {
        set.splits[split] = parseBinaryCsv(readFileSync(path, 'utf8'), path);
      } else {
        const images = await readIdxImages(new Uint8Array(readFileSync(path)));
        set.splits[split] = binarise(images);
        set.image = { rows: images.rows, columns: images.columns };
      }
    }
    sets.push(set);
  }
  return sets;
}

function serveSet(browser, set) {
  set.files = {};
  for (const [split, { bits, nSamples, nFeatures }] of Object.entries(set.splits)) {
    const address = `./${encodeURIComponent(set.name)}.${split}.bits`;
    browser.serve(address, Buffer.from(bits.buffer, bits.byteOffset, bits.byteLength));
    set.files[split] = { address, nSamples, nFeatures };
  }
}

async function fitAll(
  browser,
  sets,
  { components, minutes, iterations, backend, picture },
  failures,
) {
  const { shareOf, costOf } = await load('bench/binary-figures.ts');
  const jobs = sets
    .filter(({ fitted }) => fitted)
    .flatMap((set) => components.map((nComponents) => ({ set, nComponents })));
  const costs = jobs.map(({ set, nComponents }) => costOf(set.splits.train, nComponents));
  const fits = new Map(jobs.map(({ set }) => [set, []]));
  let left = 60 * minutes;
  for (const [i, { set, nComponents }] of jobs.entries()) {
    const firstHidden = set.image && Math.ceil(set.image.rows / 2) * set.image.columns;
    const last = nComponents === components.at(-1);
    const job = {
      nComponents,
      backend,
      maxIter: iterations,
      seconds: shareOf(left, costs.slice(i)),
      firstHidden,
      shown: last ? SHOWN : 0,
    };
    try {
      const { figures, shown } = await browser.inPage((page) =>
        page.evaluate(
          ([files, job]) => globalThis.webgpuEmBinary.measureFit(files, job),
          [set.files, job],
        ),
      );
      fits.get(set).push(figures);
      left -= figures.seconds;
      console.error(`  ${set.name}: ${JSON.stringify(figures)}`);
      if (shown && last) await draw(picture, shown, set, firstHidden);
    } catch (error) {
      // The others are still worth having.
      failures.push(`${set.name}, K = ${nComponents}: ${firstLine(error)}`);
      console.error(`  ${failures.at(-1)}`);
    }
  }
  return Array.from(fits, ([{ name, splits }, fits]) => ({
    name,
    nSamples: Object.fromEntries(
      Object.entries(splits).map(([split, { nSamples }]) => [split, nSamples]),
    ),
    nFeatures: splits.train.nFeatures,
    fits,
  }));
}

async function draw(path, shown, { splits, image }, firstHidden) {
  const { drawCompletions, encodePicture } = await load('bench/binary-picture.ts');
  const png = encodePicture(drawCompletions(shown, splits.test, image.columns, firstHidden));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, png);
  console.error(`Written: ${path}, ${(png.length / 1024).toFixed(0)} KiB`);
}

async function compareAll(browser, sets, { only }, failures) {
  const images = sets.find(({ image }) => image !== undefined);
  if (!images || (only !== undefined && !only.includes('scale'))) return [];
  const scale = [];
  for (const job of SCALE_JOBS) {
    try {
      const figures = await browser.inPage((page) =>
        page.evaluate(
          ([file, job]) => globalThis.webgpuEmBinary.compareSides(file, job),
          [images.files.train, job],
        ),
      );
      scale.push(figures);
      console.error(`  both sides: ${JSON.stringify(figures)}`);
    } catch (error) {
      failures.push(`Both sides, K = ${job.nComponents}: ${firstLine(error)}`);
      console.error(`  ${failures.at(-1)}`);
    }
  }
  return scale;
}

function firstLine({ message }) {
  return message.split('\n')[0].replace(/^page\.evaluate: (Error: )?/, '');
}

function write(folder, result, markdown) {
  const { date, adapter } = result.stamp;
  // Without the description in parentheses.
  const name = adapter.name.replace(/ *\(.*/, '') || adapter.name;
  const slug = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const path = join(folder, `binary-${date.slice(0, 10)}-${slug}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${path}.json`, `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(`${path}.md`, markdown);
  console.log(markdown);
  console.error(`Written: ${path}.json and .md`);
}
