import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { BernoulliMixture } from '../../src/index.ts';
import {
  builtCommand,
  command,
  expectSentenceAndHint,
  readJson,
  temporaryFolder,
} from './support.ts';

const SIZE = 8;

/** An IDX file of unsigned bytes. */
function idx(shape: number[], values: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + values.length);
  bytes.set([0, 0, 8, shape.length]);
  const view = new DataView(bytes.buffer);
  shape.forEach((length, axis) => view.setUint32(4 + 4 * axis, length));
  bytes.set(Array.from(values), 4 + 4 * shape.length);
  return bytes;
}

/** Images with a bar, horizontal, vertical, or slanting either way, one pixel in twenty wrong; and which bar it is. */
function bars(nImages: number, seed: number): { pixels: number[]; labels: number[] } {
  let state = seed;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const pixels: number[] = [];
  const labels = Array.from({ length: nImages }, (_, n) => n % 4);
  for (const label of labels) {
    for (let row = 0; row < SIZE; row++) {
      for (let column = 0; column < SIZE; column++) {
        const distance = [row - 3.5, column - 3.5, row - column, row + column - 7][label];
        const ink = Math.abs(distance) <= 1 !== random() < 0.05;
        pixels.push(ink ? 130 + Math.floor(random() * 120) : Math.floor(random() * 120));
      }
    }
  }
  return { pixels, labels };
}

/** Files of the bars: training images gzipped, their labels, test images not gzipped. */
function barFiles() {
  const folder = temporaryFolder();
  const file = (name: string, bytes: Uint8Array) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  };
  const [train, test] = [bars(240, 7), bars(40, 99)];
  return {
    train: file('train.gz', gzipSync(idx([240, SIZE, SIZE], train.pixels))),
    labels: file('labels', idx([240], train.labels)),
    test: file('test', idx([40, SIZE, SIZE], test.pixels)),
    output: join(folder, 'out.png'),
    model: join(folder, 'model.json'),
  };
}

interface DigitsResult {
  nIter: number;
  lowerBound: number;
  heldOutScore: number;
  meanImageScore: number;
  hiddenPixels: number;
  crossEntropy: number;
  meanCrossEntropy: number;
  labelCounts: number[];
  commonLabels: { label: number; share: number }[];
  backend: { backend: string };
}

describe('webgpu-em digits', () => {
  it('completes images better than their mean, and writes picture and model', async () => {
    const { train, test, labels, output, model } = barFiles();
    const words = ['digits', '--train', train, '--test', test, '--train-labels', labels, '-k', '4'];
    const outputs = ['--output', output, '--model', model, '--completions', '6'];
    const { exitCode, stdout, stderr } = await command([...words, ...outputs, '--restarts', '4']);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Fitted +240 images of 8 x 8, from .*train\.gz$/m);
    expect(stdout).toMatch(/^Completed +40 others, from .*test$/m);
    expect(stdout).toMatch(/^Prior +alpha 2, a 2, b 2$/m);
    expect(stdout).toMatch(/^Hidden +the bottom half, 32 pixels an image$/m);
    expect(stdout).toMatch(/^component +weight +images +label +share$/m);
    const scores = /log-likelihood (-[\d.]+) per image; by one component (-[\d.]+)$/m.exec(stdout)!;
    expect(Number(scores[1])).toBeGreaterThan(Number(scores[2]) + 5);
    const costs =
      /^Cross-entropy +([\d.]+) nats per hidden pixel; of the mean image ([\d.]+)$/m.exec(stdout)!;
    expect(Number(costs[1])).toBeLessThan(0.8 * Number(costs[2]));

    const mixture = BernoulliMixture.fromJSON(readJson(model));
    expect([mixture.nComponents, mixture.nFeatures]).toEqual([4, 64]);
    const picture = decode(readFileSync(output));
    // Six images (wider than four components) of 8 x 8, seven times as large, gaps of 4.
    expect([picture.width, picture.channels]).toEqual([4 + 6 * (7 * SIZE + 4), 3]);
    expect(colours(picture).size).toBeGreaterThan(10);
  });

  it('measures the completion of random pixels, the same for the same seed', async () => {
    const { train, test, labels, output } = barFiles();
    const words = ['digits', '--train', train, '--test', test, '--train-labels', labels];
    const rest = [
      '-k',
      '4',
      '--restarts',
      '4',
      '--hide',
      'random:0.4',
      '--output',
      output,
      '--json',
    ];
    const [first, again] = [await command([...words, ...rest]), await command([...words, ...rest])];
    const result = JSON.parse(first.stdout) as DigitsResult;
    const repeated = JSON.parse(again.stdout) as DigitsResult;
    expect(result).toMatchObject({ nTrain: 240, nTest: 40, rows: 8, columns: 8, nComponents: 4 });
    expect(result.hiddenPixels / (40 * 64)).toBeCloseTo(0.4, 1);
    expect(repeated.crossEntropy).toBe(result.crossEntropy);
    expect(result.crossEntropy).toBeLessThan(result.meanCrossEntropy);
    expect(new Set(result.commonLabels.map(({ label }) => label))).toEqual(new Set([0, 1, 2, 3]));
    expect(result.labelCounts.reduce((a, b) => a + b)).toBe(240);
    const fewer = await command([...words, ...rest, '--samples', '80']);
    expect(JSON.parse(fewer.stdout)).toMatchObject({ nTrain: 80 });
  });

  it('fits the sample in the repository where no images are given', async () => {
    const output = join(temporaryFolder(), 'digits.png');
    const words = [
      'digits',
      '-o',
      output,
      '-k',
      '5',
      '--max-iter',
      '3',
      '--samples',
      '300',
      '--json',
    ];
    const { exitCode, stdout } = await builtCommand(words);
    expect(exitCode).toBe(0);
    const result = JSON.parse(stdout) as DigitsResult;
    expect(result).toMatchObject({ nTrain: 300, nTest: 500, rows: 28, columns: 28 });
    expect(result.heldOutScore).toBeGreaterThan(result.meanImageScore);
    expect(result.crossEntropy).toBeLessThan(result.meanCrossEntropy);
    expect(decode(readFileSync(output)).width).toBe(4 + 20 * (56 + 4));
  });

  it('computes the same in Chrome on WebGPU, from bits', async () => {
    const { train, test, output } = barFiles();
    const words = ['digits', '--train', train, '--test', test, '-k', '4', '-o', output, '--json'];
    const browser = await builtCommand([...words, '--browser']);
    expect(browser.stderr).toBe('');
    const onGpu = JSON.parse(browser.stdout) as DigitsResult;
    const onCpu = JSON.parse((await command(words)).stdout) as DigitsResult;
    expect([onGpu.backend.backend, onCpu.backend.backend]).toEqual(['webgpu', 'cpu']);
    expect(onGpu.nIter).toBe(onCpu.nIter);
    expect(onGpu.labelCounts).toEqual(onCpu.labelCounts);
    for (const name of ['lowerBound', 'heldOutScore', 'crossEntropy'] as const) {
      expect(onGpu[name]).toBeCloseTo(onCpu[name], 4);
    }
  });

  it('by maximum likelihood, an impossible image is no number and no crash', async () => {
    const { test, output } = barFiles();
    const train = join(temporaryFolder(), 'blank');
    const bytes = new Uint8Array(10 * SIZE * SIZE);
    writeFileSync(train, idx([10, SIZE, SIZE], bytes));
    const words = ['digits', '--train', train, '--test', test, '-k', '1', '-o', output];
    const flat = [...words, '--a', '1', '--b', '1', '--alpha', '1'];
    const { exitCode, stdout, stderr } = await command(flat, { isTTY: true });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('reading the images');
    expect(stderr.endsWith('\r\u001b[K')).toBe(true);
    expect(stdout).toMatch(/^Held out +log-likelihood -Infinity per image/m);
  });

  it.each<[string, RegExp]>([
    ['--train T --test E', /The file of the picture is missing/],
    ['--train T -o O', /--test is missing: images to complete/],
    ['--test E -o O', /--train is missing: images to fit/],
    ['--train L --test E -o O', /labels": The file holds 240 labels/],
    ['--train T --test E --train-labels E -o O', /test": The file holds images/],
    ['--train T --test E -o O --hide middle', /--hide cannot be "middle"/],
    ['--train T --test E -o O --hide random:2', /needs a share above 0 and at most 1, not "2"/],
    ['--train T --test E -o O --samples 999', /--samples asks for 999 images, but there are 240/],
    ['--train T --test E -o O --threshold 300', /--threshold needs a grey value below 255/],
    ['--train T --test no-such -o O', /Cannot read "no-such"/],
    ['T -o O', /digits takes no file without its name/],
  ])('%s is refused', async (text, message) => {
    const { train, test, labels, output } = barFiles();
    const files: Record<string, string> = { T: train, E: test, L: labels, O: output };
    const result = await command(['digits', ...text.split(' ').map((word) => files[word] ?? word)]);
    expectSentenceAndHint(result);
    expect(result.stderr).toMatch(message);
    expect(result.exitCode).toBe(2);
  });
});

function colours({ data }: { data: ArrayLike<number> }): Set<number> {
  const found = new Set<number>();
  for (let i = 0; i < data.length; i += 3) {
    found.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
  }
  return found;
}
