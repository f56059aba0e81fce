import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  benchResults,
  insertSection,
  MARKERS,
  readmeSection,
  type ResultFile,
} from '../bench/readme.ts';
import { rowOf, type BenchResult, type Row } from '../bench/result.ts';
import { roofline, shape, sideAt } from './support/bench-rows.ts';

const root = new URL('../', import.meta.url);
const [begin, end] = MARKERS;

function file(
  name: string,
  date: string,
  software: boolean,
  rows: Row[] = [row(4.1472)],
): ResultFile {
  const adapter = software
    ? { name: 'google swiftshader', software }
    : { name, software, driver: '550.1' };
  const stamp = {
    date,
    commit: `c-${name}`,
    adapter,
    browser: 'none: Node',
    node: '20',
    os: 'Linux',
    processor: 'Acme',
    cores: 2,
  };
  const result = {
    version: 2,
    seed: 1,
    quick: false,
    stamp,
    roofline: roofline(10e12, 500e9),
    rows,
  };
  return { name: `${date}-${name}`, result: result as unknown as BenchResult };
}

function row(milliseconds: number, peers?: Row['peers']): Row {
  const sides = [sideAt('cpu', [1120]), sideAt('webgpu', [milliseconds])];
  const one = rowOf(
    { shape: shape('full', 1_000_000, 16, 16), checkedBy: 'cpu', sides },
    roofline(10e12, 500e9),
  );
  return peers ? { ...one, peers } : one;
}

describe("the README's table of times", () => {
  test('is what the generator makes of the files in bench/results', () => {
    const folder = new URL('bench/results/', root);
    const files = readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => ({
        name: name.replace(/\.json$/, ''),
        json: JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as unknown,
      }));
    const readme = readFileSync(new URL('README.md', root), 'utf8');
    expect(insertSection(readme, readmeSection(benchResults(files)))).toBe(readme);
  });

  test('has hardware first, with adapter, driver and commit; the newest of each adapter', () => {
    const text = readmeSection([
      file('soft', '2026-03-01', true),
      file('acme', '2026-01-01', false, [row(99)]),
      file('acme', '2026-02-01', false),
    ]);
    expect(text).toContain(
      '**acme**, driver 550.1, commit c-acme, 2026-02-01, Acme, 2 cores, Node.',
    );
    expect(text).toContain(
      '| full, 1,000,000 × 16, K = 16 | 1,120 | 4.15 | 2,500 | 25 % (compute) |',
    );
    expect(text).not.toContain('99.0');
    expect(text.indexOf('acme')).toBeLessThan(text.indexOf('swiftshader'));
  });

  test('never gives a software run for a GPU, and says where no GPU was measured', () => {
    const text = readmeSection([file('soft', '2026-03-01', true)]);
    expect(text).toMatch(/^No hardware GPU has been measured yet/);
    expect(text).toContain('no figure here is one for a GPU');
    expect(text).toContain('| WebGPU in software |');
    expect(text).not.toContain('| WebGPU |');
  });

  test('has the fastest right program beside ours, and no time of a wrong side', () => {
    const peer = { precision: 'float64', threads: 2, right: true } as const;
    const peers = [
      { ...peer, peer: 'slow', secondsPerIteration: [3] },
      { ...peer, peer: 'fast', secondsPerIteration: [2] },
      { ...peer, peer: 'wrong', right: false, secondsPerIteration: [1] },
    ];
    expect(readmeSection([file('acme', '2026-02-01', false, [row(4, peers)])])).toContain(
      '| 2,000 (fast, float64, 2 threads) |',
    );
    const { milliseconds: _, ...wrong } = sideAt('webgpu', [1], {
      iterations: 1,
      lowerBound: 1,
      meansInSigma: 0,
    });
    const one = rowOf(
      { shape: shape('full', 10, 2, 2), checkedBy: 'cpu', sides: [sideAt('cpu', [1]), wrong] },
      roofline(1e12, 1e9),
    );
    expect(readmeSection([file('acme', '2026-02-01', false, [one, row(4)])])).toContain(
      '| full, 10 × 2, K = 2 | 1.00 | wrong | – | – |',
    );
  });

  test('takes whole results of the bench alone', () => {
    const { result } = file('acme', '2026-02-01', false);
    const files = [
      { name: 'good', json: result },
      { name: 'quick', json: { ...result, quick: true } },
      { name: 'older', json: { ...result, version: 1 } },
      { name: 'another bench', json: { stamp: result.stamp } },
    ];
    expect(benchResults(files).map(({ name }) => name)).toEqual(['good']);
  });

  test('goes between its markers and nowhere else', () => {
    const readme = `before\n${begin}\nold\n${end}\nafter\n`;
    const once = insertSection(readme, 'new');
    expect(once).toBe(`before\n${begin}\n\nnew\n\n${end}\nafter\n`);
    expect(insertSection(once, 'new')).toBe(once);
    expect(() => insertSection('no marker', 'new')).toThrow('bench:begin');
    expect(() => insertSection(`${begin} only`, 'new')).toThrow('bench:end');
  });
});
