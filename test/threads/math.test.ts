import { describe, expect, test } from 'vitest';
import { plain, relaxed } from 'virtual:kernels';
import { bytesOf, instantiate, setGlobal } from '../../src/cpu/kernels.ts';
import { uniform } from '../support/hashgen.ts';

/** `values` through one of the kernels' elementary functions. */
async function through(
  module: string,
  name: 'exponentials' | 'naturalLogarithms',
  values: Float64Array,
): Promise<Float64Array> {
  const kernels = await instantiate(await WebAssembly.compile(bytesOf(module)));
  const at = Math.ceil(kernels.heapBase() / 64) * 64;
  kernels.memory.grow(Math.ceil((values.byteLength + at) / 65_536));
  setGlobal(kernels, 'output', at);
  new Float64Array(kernels.memory.buffer, at, values.length).set(values);
  kernels[name](values.length);
  return new Float64Array(kernels.memory.buffer, at, values.length).slice();
}

/** The distance of two numbers in units in the last place of the second. */
function ulps(found: number, wanted: number): number {
  if (found === wanted) return 0;
  const exponent = Math.max(-1022, Math.floor(Math.log2(Math.abs(wanted))));
  return Math.abs(found - wanted) / 2 ** (exponent - 52);
}

const worst = (found: Float64Array, wanted: (i: number) => number): number =>
  found.reduce((most, value, i) => Math.max(most, ulps(value, wanted(i))), 0);

const engines: [string, string][] = [['rounded twice', plain]];
// (Node 20 has no relaxed SIMD: later ones and Chromium do)
if (WebAssembly.validate(bytesOf(relaxed))) engines.push(['fused', relaxed]);

describe.each(engines)('the elementary functions of the kernels, %s,', (_name, module) => {
  const count = 200_000;

  test('have exp to 2 units in the last place of the engine’s own', async () => {
    const x = Float64Array.from(
      { length: count },
      (_, i) => -708 * uniform(1, 1, i) ** (1 + (i % 9)),
    );
    const found = await through(module, 'exponentials', x);
    // (Math.exp is itself off by one now and then)
    expect(worst(found, (i) => Math.exp(x[i]))).toBeLessThanOrEqual(2);
  });

  test('have ln to 2 units in the last place, of 1 to 1e300', async () => {
    const x = Float64Array.from({ length: count }, (_, i) =>
      i % 2 === 0 ? 1 + 1000 * uniform(1, 2, i) ** 4 : 10 ** (300 * uniform(1, 3, i)),
    );
    const found = await through(module, 'naturalLogarithms', x);
    expect(worst(found, (i) => Math.log(x[i]))).toBeLessThanOrEqual(2);
  });

  test('are exact at the ends', async () => {
    const exp = await through(
      module,
      'exponentials',
      Float64Array.of(0, -0, -Infinity, -709, -1e300, -708.3),
    );
    expect([...exp.subarray(0, 5)]).toEqual([1, 1, 0, 0, 0]);
    expect(exp[5] / Math.exp(-708.3)).toBeCloseTo(1, 14);
    const log = await through(module, 'naturalLogarithms', Float64Array.of(1, 0, 2, Math.E));
    expect([log[0], log[1]]).toEqual([0, -Infinity]);
    expect(log[2]).toBeCloseTo(Math.LN2, 15);
    expect(log[3]).toBeCloseTo(1, 15);
  });
});
