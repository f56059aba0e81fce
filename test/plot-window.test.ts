import { describe, expect, test } from 'vitest';
import { plotMap } from '../src/app/plot/plot-map.ts';
import { ticks } from '../src/app/plot/ticks.ts';
import { panned, zoomed } from '../src/app/plot/view-window.ts';
import type { ViewWindow } from '../src/app/plot/view-window.ts';

/** What a label says, by its note. */
function read(label: string, note: string): number {
  const number = (text: string) => Number(text.replaceAll(',', '').replace('−', '-'));
  const power = /× 10(⁻?)([⁰¹²³⁴⁵⁶⁷⁸⁹]+)/;
  const unit = (text: string) => {
    const found = power.exec(text);
    if (!found) return 1;
    const digits = Array.from(found[2], (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(digit)).join('');
    return Number(`1e${found[1] ? '-' : ''}${digits}`);
  };
  const [scale, offset] =
    note.split(/(?=[+−] \d)/).length === 2
      ? note.split(/(?=[+−] \d)/)
      : note.startsWith('×')
        ? [note, '']
        : ['', note];
  const sign = offset.startsWith('−') ? -1 : 1;
  const shift =
    offset === '' ? 0 : sign * number(offset.slice(2).replace(/ × .*/, '')) * unit(offset);
  return number(label) * unit(scale) + shift;
}

const RANGES: [string, number, number][] = [
  ['a plain one', 0.2, 5.3],
  ['thousands', -12_500, 48_000],
  ['around nothing', -1e-7, 1e-7],
  ['tiny', 3.1e-12, 4.9e-12],
  ['huge', -2.2e18, 7.3e18],
  ['a large number and a little', 1e9 + 1.25e-3, 1e9 + 8.5e-3],
  ['times in seconds', 1_700_000_003.2, 1_700_000_041.9],
  ['below nothing and far', -1e7 - 3, -1e7 + 4],
  ['zoomed to the end', 123.456789012, 123.456789013],
  ['a million and a half', 1_499_900, 1_500_230],
  ['at the edge of a power of ten', 0, 1e6],
  ['almost a whole', 0.99999, 1.00001],
];

describe('ticks', () => {
  test.each(RANGES)('of %s are round, apart, short, and say their values', (_, low, high) => {
    for (const wanted of [2, 3, 4.5, 7, 11]) {
      const { values, labels, note } = ticks({ low, high }, wanted);
      expect(values.length).toBeGreaterThanOrEqual(1);
      expect(values.length).toBeLessThanOrEqual(wanted * 1.5 + 1);
      expect(new Set(labels).size).toBe(values.length);
      values.forEach((value, i) => {
        expect(value).toBeGreaterThanOrEqual(low);
        expect(value).toBeLessThanOrEqual(high);
        expect(labels[i].length).toBeLessThanOrEqual(7);
        expect(labels[i]).not.toMatch(/e/);
        const step = values.length > 1 ? values[1] - values[0] : high - low;
        expect(Math.abs(read(labels[i], note) - value), `${labels[i]} ${note}`).toBeLessThan(
          1e-3 * step + 4e-16 * Math.abs(value),
        );
      });
    }
  });

  test('are what a person would write', () => {
    expect(ticks({ low: 1.4, high: 5.2 }, 8).labels).toEqual(
      '1.5 2.0 2.5 3.0 3.5 4.0 4.5 5.0'.split(' '),
    );
    expect(ticks({ low: -0.2, high: 0.21 }, 4)).toMatchObject({
      labels: ['−0.2', '−0.1', '0', '0.1', '0.2'],
      note: '',
    });
    expect(ticks({ low: 0, high: 4e7 }, 4)).toMatchObject({
      labels: ['0', '10', '20', '30', '40'],
      note: '× 10⁶',
    });
    expect(ticks({ low: 1_700_000_003, high: 1_700_000_009 }, 3)).toMatchObject({
      labels: ['4', '6', '8'],
      note: '+ 1,700,000,000',
    });
    expect(ticks({ low: 12_400, high: 13_600 }, 2).labels).toEqual(['12,500', '13,000', '13,500']);
  });

  test('of a range that float64 does not hold are none', () => {
    for (const [low, high] of [
      [1, 1],
      [-1.7e308, 1.7e308],
      [NaN, 1],
    ]) {
      expect(ticks({ low, high }, 5).values).toEqual([]);
    }
  });
});

describe('the window', () => {
  const whole: ViewWindow = { x: { low: -10, high: 30 }, y: { low: 1e6, high: 1e6 + 4 } };
  const limits = { whole, fixedY: false };

  test('keeps what is under the pointer in its place, however often it zooms', () => {
    const at = { x: 21.25, y: 1e6 + 0.75 };
    let window = whole;
    const pixels = (of: ViewWindow) => {
      const map = plotMap(of, 800, 500);
      return [map.x(at.x), map.y(at.y)];
    };
    const before = pixels(window);
    for (let i = 0; i < 30; i++) window = zoomed(window, at, i % 3 === 2 ? 1.2 : 0.8, limits);
    expect(window.x.high - window.x.low).toBeLessThan(3);
    pixels(window).forEach((place, i) => expect(Math.abs(place - before[i])).toBeLessThan(0.01));
  });

  test('zooms in only as far as numbers tell places apart, and out only as far as samples are seen', () => {
    let near = whole;
    let far = whole;
    for (let i = 0; i < 500; i++) {
      near = zoomed(near, { x: 5, y: 1e6 + 2 }, 0.5, limits);
      far = zoomed(far, { x: 5, y: 1e6 + 2 }, 2, limits);
    }
    expect(near.x.high - near.x.low).toBeCloseTo(4e-5, 9);
    // a millionth of 4 is less than float64 has for ticks around 1e6
    expect(near.y.high - near.y.low).toBeGreaterThanOrEqual(0.99e-5);
    expect(new Set(ticks(near.y, 8).values).size).toBe(ticks(near.y, 8).values.length);
    expect(far.x.high - far.x.low).toBeCloseTo(800, 6);
  });

  test('cannot be moved so far that all samples are lost', () => {
    let window = zoomed(whole, { x: 10, y: 1e6 + 2 }, 0.5, limits);
    for (let i = 0; i < 50; i++) window = panned(window, { x: 0.5, y: -0.5 }, limits);
    expect(window.x.low).toBeCloseTo(30);
    expect(window.y.high).toBeCloseTo(1e6);
    expect(window.x.high - window.x.low).toBeCloseTo(20);
  });

  test('of one feature moves sideways only', () => {
    const flat = { whole: { ...whole, y: { low: 0, high: 1 } }, fixedY: true };
    const moved = panned(zoomed(flat.whole, { x: 0, y: 0.5 }, 0.5, flat), { x: 0.1, y: 0.5 }, flat);
    expect(moved.y).toEqual({ low: 0, high: 1 });
    expect(moved.x.high - moved.x.low).toBeCloseTo(20);
  });

  test('and pixels are mapped to and fro', () => {
    const map = plotMap(whole, 360, 340);
    const { x, y } = map.unitsAt({ x: 123.5, y: 77 });
    expect(map.x(x)).toBeCloseTo(123.5, 9);
    expect(map.y(y)).toBeCloseTo(77, 6);
  });
});
