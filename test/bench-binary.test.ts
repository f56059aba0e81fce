import { decode } from 'fast-png';
import { describe, expect, test } from 'vitest';
import {
  bitAt,
  crossEntropy,
  findDataSets,
  hideFrom,
  parseBinaryCsv,
} from '../bench/binary-data.ts';
import {
  costOf,
  measureFit,
  shareOf,
  type FitFigures,
  type FitJob,
} from '../bench/binary-figures.ts';
import { drawCompletions, encodePicture } from '../bench/binary-picture.ts';
import {
  complaints,
  risesTo,
  toMarkdown,
  typical,
  type BinaryResult,
} from '../bench/binary-report.ts';
import { agrees, type ScaleFigures } from '../bench/binary-scale.ts';
import { packBits, type BitMatrix } from '../src/index.ts';

/** Images of 4 x 2 pixels: one of the upper row, and below it the same but for one pixel in eight. */
function mirrored(nSamples: number, seed: number): BitMatrix {
  let state = seed;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const data = new Uint8Array(nSamples * 8);
  for (let n = 0; n < nSamples; n++) {
    const kind = below(4);
    data[n * 8 + kind] = 1;
    data[n * 8 + 4 + kind] = 1;
    for (let d = 4; d < 8; d++) if (below(8) === 0) data[n * 8 + d] ^= 1;
  }
  return packBits(data, nSamples, 8);
}

const JOB: FitJob = { nComponents: 4, backend: 'cpu', maxIter: 100, seconds: 60, firstHidden: 4 };
const splits = { train: mirrored(400, 1), valid: mirrored(80, 2), test: mirrored(80, 3) };

describe('data sets are found by the names of their files', () => {
  test('with the splits that there are, in any folder, and not without held-out samples', () => {
    const found = findDataSets([
      'data/mnist/train-images-idx3-ubyte.gz',
      'data/mnist/train-labels-idx1-ubyte.gz',
      'data/mnist/t10k-images-idx3-ubyte',
      'data/binary/plants.test.data',
      'data/binary/plants.valid.data',
      'data/binary/plants.train.data',
      'data/dna.train.data',
      'data/mushrooms.train.data',
      'data/mushrooms.valid.data',
      'data/README.md',
    ]);
    expect(found).toEqual([
      {
        name: 'plants',
        kind: 'csv',
        train: 'data/binary/plants.train.data',
        valid: 'data/binary/plants.valid.data',
        test: 'data/binary/plants.test.data',
      },
      {
        name: 'mushrooms',
        kind: 'csv',
        train: 'data/mushrooms.train.data',
        valid: 'data/mushrooms.valid.data',
      },
      {
        name: 'MNIST',
        kind: 'idx',
        train: 'data/mnist/train-images-idx3-ubyte.gz',
        test: 'data/mnist/t10k-images-idx3-ubyte',
      },
    ]);
  });

  test('lines of 0 and 1 are packed, and anything else is refused by its line', () => {
    const { bits, nSamples, nFeatures } = parseBinaryCsv('1,0,1\r\n0,0,1\n', 'x.data');
    expect([nSamples, nFeatures]).toEqual([2, 3]);
    expect([...bits]).toEqual([0b101, 0b100]);
    expect(() => parseBinaryCsv('1,0\n1,2\n', 'x.data')).toThrow('x.data, line 2 holds "2"');
    expect(() => parseBinaryCsv('1,0\n1\n', 'x.data')).toThrow('line 2 has 1 values; expected 2');
    expect(() => parseBinaryCsv('', 'x.data')).toThrow('line 1 holds ""');
  });
});

describe('hidden pixels', () => {
  test('are those from a feature on, across words', () => {
    const samples = packBits(new Uint8Array(2 * 40).fill(1), 2, 40);
    const { mask, bits } = hideFrom(samples, 35);
    expect(bits).toBe(samples.bits);
    for (let n = 0; n < 2; n++) {
      for (let d = 0; d < 40; d++) expect(bitAt(mask!, 40, n, d)).toBe(d < 35);
    }
  });

  test('cost -ln p of what is there, on average', () => {
    const samples = packBits([1, 1, 0, 0, 0, 1], 2, 3);
    const means = [0.5, 0.25, 0.5, 0.5, 0.5, 0.125];
    const expected = -(Math.log(0.25) + Math.log(0.5) + Math.log(0.5) + Math.log(0.125)) / 4;
    expect(crossEntropy(means, samples, 1)).toBeCloseTo(expected, 14);
    expect(crossEntropy([0, 0, 0, 0, 0, 0.5], samples, 1)).toBe(Infinity);
  });
});

describe('a fit is measured', () => {
  test('on what is held out: a mixture beats a single Bernoulli, and its completions the mean image', async () => {
    const single = (await measureFit(splits, { ...JOB, nComponents: 1 })).figures;
    const { figures, shown } = await measureFit(splits, { ...JOB, shown: 3 });
    expect(figures.ended).toBe('converged');
    expect(figures.test!).toBeGreaterThan(single.test! + 0.5);
    expect(figures.valid!).toBeGreaterThan(single.valid! + 0.5);
    expect(figures.crossEntropy!).toBeLessThan(0.8 * single.crossEntropy!);
    // the mean image: each pixel of the lower row on its own
    const rates = [4, 5, 6, 7].map((d) => {
      const ones = Array.from({ length: 400 }, (_, n) => bitAt(splits.train.bits, 8, n, d));
      return (ones.filter(Boolean).length + 0.1) / 400.2;
    });
    const means = Array.from({ length: 80 * 8 }, (_, i) => (i % 8 < 4 ? 0 : rates[(i % 8) - 4]));
    expect(single.crossEntropy).toBeCloseTo(crossEntropy(means, splits.test, 4), 6);
    expect(shown!.weights).toHaveLength(4);
    expect(shown!.completions).toHaveLength(3);
    // observed pixels as they are
    for (let d = 0; d < 4; d++) {
      expect(shown!.completions[1][d]).toBe(bitAt(splits.test.bits, 8, 1, d) ? 1 : 0);
    }
  });

  test('and ends by its iterations or its time, but not before the first', async () => {
    const few = await measureFit({ train: splits.train }, { ...JOB, maxIter: 2 });
    expect(few.figures).toMatchObject({ ended: 'iterations', iterations: 2 });
    expect(few.figures.test).toBeUndefined();
    expect(few.figures.crossEntropy).toBeUndefined();
    const short = await measureFit({ train: splits.train }, { ...JOB, seconds: 0 });
    expect(short.figures).toMatchObject({ ended: 'time', iterations: 1 });
  });

  test('time is shared out by the root of the cost, and the last fit has all that is left', () => {
    expect(shareOf(100, [1, 9])).toBe(25);
    expect(shareOf(99, [3])).toBeCloseTo(99, 10);
    expect(shareOf(-5, [1, 2])).toBe(0);
    expect(costOf({ nSamples: 10, nFeatures: 3 }, 4)).toBe(120);
  });
});

describe('the picture', () => {
  test('shows the components by weight, then hidden, completed and true images', () => {
    const test = packBits([1, 0, 1, 0], 1, 4);
    const shown = {
      weights: [0.25, 0.75],
      probabilities: [0, 0, 0, 0, 1, 1, 1, 1],
      completions: [[1, 0, 1, 0]],
    };
    const picture = drawCompletions(shown, test, 2, 2);
    const { width, height, data, palette } = decode(encodePicture(picture));
    expect([width, height]).toEqual([picture.width, picture.height]);
    const at = (x: number, y: number): number[] => palette![data[y * width + x]].slice(0, 3);
    const [black, white] = [
      [0, 0, 0],
      [255, 255, 255],
    ];
    // 2 x 2 pixels of 2 x 2 each and gaps of 4: the heavier component first
    expect(at(4, 4)).toEqual(black);
    expect(at(12, 4)).toEqual(white);
    expect([at(4, 24), at(6, 24)]).toEqual([black, white]);
    // hidden: neither; completed: from pale to deep blue
    expect(at(4, 26)).toEqual(at(6, 26));
    expect([at(4, 34), at(6, 34)]).toEqual([
      [0, 40, 140],
      [232, 240, 255],
    ]);
    expect([at(4, 42), at(6, 42)]).toEqual([black, white]);
  });
});

describe('the report', () => {
  const fit = (nComponents: number, held: number, crossEntropy?: number): FitFigures => ({
    nComponents,
    backend: 'cpu',
    iterations: 12,
    ended: 'time',
    seconds: 34,
    train: held + 1,
    test: held,
    crossEntropy,
  });
  const side: ScaleFigures = {
    nSamples: 60_000,
    nFeatures: 784,
    nComponents: 10,
    bounds: { cpu: [-2, -1], webgpu: [-2, -1] },
    boundDifference: 2e-8,
    probabilityDifference: 1e-7,
    milliseconds: { cpu: [900, 300, 100, 200], webgpu: [800, 150, 250] },
    memory: { samplesBytes: 6e6, weightsBytes: 24e4, peakBytes: 8e6, bindingLimit: 2 ** 27 },
  };
  const result: BinaryResult = {
    stamp: {
      date: '2026-11-21T00:00:00.000Z',
      commit: 'abc',
      adapter: { name: 'some adapter', software: true },
      browser: 'Chromium',
      node: '20',
      os: 'Linux',
      processor: 'some processor',
      cores: 2,
    },
    minutes: 20,
    maxIter: 100,
    dataSets: [
      {
        name: 'MNIST',
        nSamples: { train: 60_000, test: 10_000 },
        nFeatures: 784,
        fits: [fit(1, -200, 0.25), fit(10, -160, 0.2), fit(100, -130, 0.15)],
      },
    ],
    scale: [side],
    failures: [],
  };

  test('gives every figure once, in nats and bits, and what the sides took', () => {
    const markdown = toMarkdown(result);
    expect(markdown).toContain('| 100 | -129.00 | – | -130.00 | 12 | time | 34 | CPU, float64 |');
    expect(markdown).toContain('rises with every step to K = 100');
    expect(markdown).toContain('| 1, the mean image | 0.2500 | 0.3607 | 100 % |');
    expect(markdown).toContain('| 100 | 0.1500 | 0.2164 | 60 % |');
    expect(markdown).toContain('| 60,000 × 784 | 10 | 2 | 2e-8 | 1e-7 | right | 0.20 | 0.20 |');
    expect(markdown).toContain('say nothing about a GPU');
    expect(markdown).not.toContain('FAILED');
    expect(complaints(result)).toEqual([]);
  });

  test('says what is not as it must be', () => {
    const [set] = result.dataSets;
    const worse = { ...set, fits: [fit(1, -200, 0.25), fit(10, -201, 0.25)] };
    const off = { ...side, boundDifference: NaN };
    expect(agrees({ ...side, boundDifference: 1e-5 })).toBe(true);
    const wrong = { ...result, dataSets: [worse], scale: [off], failures: ['It broke.'] };
    expect(complaints(wrong)).toEqual([
      'It broke.',
      'MNIST, K = 10: held-out log-likelihood is no better than of a single Bernoulli.',
      'MNIST, K = 10: cross-entropy is no better than of a single Bernoulli.',
      "K = 10: WebGPU's bound is off by NaN, more than 1e-5.",
    ]);
    expect(toMarkdown(wrong)).toContain('WRONG');
    expect(toMarkdown(wrong)).toContain('FAILED: It broke.');
  });

  test('tells how far the held-out likelihood rises, and a typical time without the first', () => {
    expect(risesTo([fit(1, -3), fit(2, -2), fit(5, -2.5), fit(10, -1)])).toBe(2);
    expect(risesTo([fit(1, -3), fit(2, -4)])).toBe(1);
    expect(risesTo([fit(1, -3)])).toBeUndefined();
    expect(typical([100, 1, 3])).toBe(2);
    expect(typical([100, 1, 9, 3])).toBe(3);
  });
});
