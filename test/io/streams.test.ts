import { readFileSync, truncateSync, utimesSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromChunks, fromFile, fromNodeFile, fromUrl } from '../../src/io/index.ts';
import { expectRefusal } from '../support/behaviour/side.ts';
import {
  allOf,
  arrowFile,
  faithful,
  fixture,
  folder,
  parquetFile,
  rounded,
  sendRange,
  serve,
} from './stream-files.ts';

const files = folder();
afterAll(() => files.remove());
const plain = (name: string): string =>
  files.write(name, new Uint8Array(rounded.buffer, rounded.byteOffset, rounded.byteLength));

describe('every format gives the samples of Old Faithful', () => {
  const formats = (): [string, string, ArrayLike<number>][] => [
    ['npy, float32', fixture('npy/f4.npy'), rounded],
    ['npy, format 2.0', fixture('npy/version-2.npy'), rounded],
    ['npy, float64', fixture('npy/f8.npy'), faithful.samples.data],
    ['npy, int32', fixture('npy/i4.npy'), faithful.samples.data.map(roundHalfEven)],
    ['npy, bytes', fixture('npy/u1.npy'), faithful.samples.data.map(roundHalfEven)],
    ['CSV', fixture('faithful.csv'), faithful.samples.data],
    ['plain float32', plain('x.f32'), rounded],
    [
      'plain float64',
      files.write('x.f64', new Uint8Array(faithful.samples.data.buffer)),
      faithful.samples.data,
    ],
    ['Parquet', files.write('x.parquet', parquetFile()), rounded],
    ['Arrow file', files.write('x.arrow', arrowFile('file')), rounded],
    ['Arrow stream', files.write('y.arrow', arrowFile('stream')), rounded],
    ['Arrow, float64', files.write('z.arrow', arrowFile('file', true)), faithful.samples.data],
  ];

  it.each(formats())('%s', async (_name, path, expected) => {
    const stream = await fromNodeFile(path, { nFeatures: 2 });
    expect(stream.nFeatures).toBe(2);
    expect([272, undefined]).toContain(stream.nSamples);
    const numbers = await allOf(stream);
    expect(numbers).toEqual(Array.from(expected));
    expect(await allOf(stream), 'a second reading').toEqual(numbers);
    const blob = new File([readFileSync(path)], path);
    expect(await allOf(await fromFile(blob, { nFeatures: 2 })), 'a File').toEqual(numbers);
  });

  it('tells the names of columns where the file has them, and takes those asked for', async () => {
    const [, second] = faithful.columnNames;
    for (const [name, bytes] of [
      ['n.parquet', parquetFile()],
      ['n.arrow', arrowFile('file')],
      ['n.csv', readFileSync(fixture('faithful.csv'))],
    ] as const) {
      const path = files.write(name, bytes);
      expect((await fromNodeFile(path)).columnNames).toEqual(faithful.columnNames);
      const one = await fromNodeFile(path, { columns: [second] });
      expect([one.columnNames, one.nFeatures]).toEqual([[second], 1]);
      await expectRefusal(
        fromNodeFile(path, { columns: ['nothing'] }),
        'INVALID_OPTION',
        /nothing/,
      );
    }
    const npy = await fromNodeFile(fixture('npy/f4.npy'), { columns: [1], weightColumn: 0 });
    for await (const { data, sampleWeights } of npy.chunks()) {
      expect([data[0], sampleWeights![0]]).toEqual([rounded[1], rounded[0]]);
    }
  });

  it('one dimension is one feature, booleans are 0 and 1', async () => {
    const one = await fromNodeFile(fixture('npy/one-column.npy'));
    expect([one.nSamples, one.nFeatures]).toEqual([272, 1]);
    const bool = await allOf(await fromNodeFile(fixture('npy/bool.npy')));
    expect(new Set(bool)).toEqual(new Set([0, 1]));
  });
});

describe('a file that cannot be read as samples', () => {
  it.each([
    ['fortran.npy', /Fortran order/],
    ['big-endian.npy', /numbers are >f8/],
  ])('%s is refused', async (name, message) => {
    await expectRefusal(fromNodeFile(fixture(`npy/${name}`)), 'INVALID_SAMPLES', message);
  });

  it('has an ending that says what it is, or a format', async () => {
    const path = files.write('x.bin', 'x');
    await expectRefusal(fromNodeFile(path), 'INVALID_OPTION', /names no format/);
    await expectRefusal(fromNodeFile(path, { format: 'npy' }), 'INVALID_SAMPLES', /no \.npy file/);
    await expectRefusal(
      fromNodeFile(path, { format: 'float32' }),
      'INVALID_OPTION',
      /How many features/,
    );
    await expectRefusal(fromNodeFile(path, { format: 'arrow' }), 'SOURCE_FAILED', /byte 1/);
    await expectRefusal(fromNodeFile(path, { format: 'parquet' }), 'SOURCE_FAILED', /Parquet/);
    const { hint } = await expectRefusal(
      fromNodeFile('nowhere.npy'),
      'SOURCE_FAILED',
      /cannot be opened/,
    );
    // (no fit has begun that could go on)
    expect(hint).toMatch(/path/);
    expect(hint).not.toMatch(/warmStart/);
  });

  it('that is truncated names byte and sample', async () => {
    const npy = files.write(
      'cut.npy',
      readFileSync(fixture('npy/f4.npy')).subarray(0, 128 + 8 * 100 + 3),
    );
    await expectRefusal(fromNodeFile(npy), 'SOURCE_FAILED', /byte 931 \(sample 100\)/, {
      byte: 931,
      sample: 100,
    });
    const raw = plain('cut.f32');
    truncateSync(raw, 8 * 50 + 5);
    await expectRefusal(fromNodeFile(raw, { nFeatures: 2 }), 'SOURCE_FAILED', /5 of 8 bytes/, {
      byte: 400,
      sample: 50,
    });
    const arrow = arrowFile('file');
    const path = files.write('cut.arrow', arrow.subarray(0, arrow.length - 900));
    await expectRefusal(allOf(await fromNodeFile(path)), 'SOURCE_FAILED', /sample 200/, {
      sample: 200,
      byte: arrow.length - 900,
    });
  });

  it('that changes between two readings is noticed', async () => {
    const path = plain('changing.f32');
    const stream = await fromNodeFile(path, { nFeatures: 2 });
    await allOf(stream);
    utimesSync(path, new Date(), new Date(Date.now() + 10_000));
    await expectRefusal(allOf(stream), 'SOURCE_FAILED', /written to/);
    truncateSync(path, 800);
    await expectRefusal(allOf(stream), 'SOURCE_FAILED', /has 800 bytes where it had 2176/);
  });

  it('names the line of a CSV file, however far down', async () => {
    const lines = Array.from({ length: 200_000 }, (_, n) => `${n},${n * 0.5}`);
    lines[150_000] = '1,two';
    const path = files.write('long.csv', `a,b\n${lines.join('\n')}\n`);
    const error = await expectRefusal(
      allOf(await fromNodeFile(path)),
      'INVALID_SAMPLES',
      /Line 150002/,
    );
    expect(error.details['line']).toBe(150_002);
  });

  it('of CSV is cut at no line end inside quotes, and every line is there', async () => {
    const lines = Array.from(
      { length: 60_000 },
      (_, n) => `"${'x'.repeat(n % 40)}\nhalf ""quoted""",${n}`,
    );
    const path = files.write('quoted.csv', `word,n\r\n${lines.join('\r\n')}`);
    const stream = await fromNodeFile(path);
    expect(stream.skippedColumns.map(({ name }) => name)).toEqual(['word']);
    expect(await allOf(stream)).toEqual(Array.from({ length: 60_000 }, (_, n) => n));
  });
});

describe('a file on a server', () => {
  const bytes = readFileSync(fixture('npy/f4.npy'));
  let etag = '"1"';
  let server: Awaited<ReturnType<typeof serve>>;
  beforeAll(async () => {
    server = await serve((request, response, range) => {
      if (request.url === '/whole.npy' || !range) response.end(bytes);
      else if (request.url === '/missing.npy') response.writeHead(404).end();
      else if (request.url === '/dropped.npy' && range[1] > 1000) {
        response.writeHead(206, {
          'content-range': `bytes ${range[0]}-${range[1]}/${bytes.length}`,
          'content-length': range[1] + 1 - range[0],
        });
        response.write(bytes.subarray(range[0], 1000), () => response.destroy());
      } else sendRange(response, bytes, range, etag);
    });
  });
  afterAll(() => server.close());

  it('is read by ranges', async () => {
    const stream = await fromUrl(`${server.url}/f4.npy?version=1`);
    expect(await allOf(stream)).toEqual(Array.from(rounded));
  });

  it('without ranges, or not there, is refused', async () => {
    await expectRefusal(fromUrl(`${server.url}/whole.npy`), 'SOURCE_FAILED', /knows no ranges/);
    await expectRefusal(fromUrl(`${server.url}/missing.npy`), 'SOURCE_FAILED', /404/);
    await expectRefusal(fromUrl('http://127.0.0.1:9/x.npy'), 'SOURCE_FAILED', /does not answer/);
  });

  it('whose connection drops names byte and sample', async () => {
    const whole = readFileSync(fixture('npy/f4.npy'));
    const server = await serve((_request, response, range) => {
      if (range![0] === 128) {
        response.writeHead(206, {
          'content-range': `bytes ${range![0]}-${range![1]}/${whole.length}`,
          'content-length': range![1] + 1 - range![0],
        });
        response.write(whole.subarray(128, 1000), () => setTimeout(() => response.destroy(), 20));
      } else sendRange(response, whole, range!, '');
    });
    const stream = await fromUrl(`${server.url}/f4.npy`);
    await expectRefusal(
      allOf(stream),
      'SOURCE_FAILED',
      /byte 1000 \(sample 109\): the connection broke/,
      { byte: 1000, sample: 109 },
    );
    await server.close();
  });

  it('that changes between two readings is noticed', async () => {
    const stream = await fromUrl(`${server.url}/f4.npy`);
    await allOf(stream);
    etag = '"2"';
    await expectRefusal(allOf(stream), 'SOURCE_FAILED', /changed/);
  });
});

describe('a factory of chunks', () => {
  it('gives typed arrays, rows or chunks', async () => {
    const stream = fromChunks(
      function* () {
        yield Float32Array.of(1, 2, 3, 4);
        yield [
          [5, 6],
          [7, null],
        ];
        yield { data: Uint8Array.of(9, 10), nSamples: 1, nFeatures: 2 };
      },
      { nFeatures: 2 },
    );
    for (let reading = 0; reading < 2; reading++) {
      expect(await allOf(stream)).toEqual([1, 2, 3, 4, 5, 6, 7, Number.NaN, 9, 10]);
    }
  });

  it('is refused where a chunk is not of whole samples', async () => {
    const odd = fromChunks(() => [Float32Array.of(1, 2, 3)], { nFeatures: 2 });
    await expectRefusal(allOf(odd), 'INVALID_SAMPLES', /no whole samples/, { sample: 0 });
    const ragged = fromChunks(() => [[[1, 2]], [[3]]], { nFeatures: 2 });
    await expectRefusal(allOf(ragged), 'INVALID_SAMPLES', /Sample 1 has 1/, { sample: 1 });
  });
});

function roundHalfEven(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  return rest < 0.5 || (rest === 0.5 && low % 2 === 0) ? low : low + 1;
}
