import { describe, expect, test } from 'vitest';
import {
  BernoulliMixture,
  gaussian,
  GaussianMixture,
  independent,
  Mixture,
  packBits,
  poisson,
  type BitMatrix,
  type SamplesInput,
} from '../../../src/index.ts';
import { rowsOf } from './doors.ts';
import { expectRefusal, threeClusters, useSide } from './side.ts';

const { samples } = threeClusters();
const { data } = samples;

/** Forms of samples that came with missing entries, bits and columns by name. */
export function describeForms(backend: 'cpu' | 'webgpu'): void {
  describe(`missing entries, bits and names at the door, on the ${backend} backend`, () => {
    const side = useSide(backend);
    const fit = (input: SamplesInput) =>
      GaussianMixture.fit(input, { nComponents: 3, seed: 2, context: side.context });
    const first = data.filter((_, i) => i % 2 === 0);
    const second = data.filter((_, i) => i % 2 === 1);

    test('every way to say that an entry is missing gives the same mixture', async () => {
      const spoilt = data.slice();
      const mask = new Uint8Array(600).fill(1);
      for (const i of [35, 36, 37, 200, 410]) {
        spoilt[i] = Number.NaN;
        mask[i] = 0;
      }
      const masked = data.map((value, i) => (mask[i] ? value : 1e9));
      const rows = rowsOf(spoilt, 2) as (number | null | undefined)[][];
      rows[17][1] = null;
      rows[18][0] = undefined;
      const column = (d: number) => spoilt.filter((_, i) => i % 2 === d);
      const ways: SamplesInput[] = [
        { data: masked, nSamples: 300, nFeatures: 2, mask },
        rows,
        { columns: [column(0), column(1)] },
        { columns: [0, 1].map((d) => masked.filter((_, i) => i % 2 === d)), mask },
        { data: masked, nSamples: 300, nFeatures: 2, mask: Array.from(mask, Boolean) },
      ];
      const options = { nComponents: 3, covarianceType: 'diag', context: side.context } as const;
      const expected = await GaussianMixture.fit({ ...samples, data: spoilt }, options);
      expect(expected.warnings).toMatchObject([
        { code: 'MISSING_ENTRIES', details: { missing: 5, entries: 600 } },
      ]);
      for (const way of ways) {
        const mixture = await GaussianMixture.fit(way, options);
        expect(mixture.lowerBounds).toEqual(expected.lowerBounds);
        expect(mixture.means).toEqual(expected.means);
      }
      const wrong = { data, nSamples: 300, nFeatures: 2, mask: mask.slice(1) };
      await expectRefusal(fit(wrong), 'INVALID_SAMPLES', /mask/, { length: 599 });
      const odd = { ...wrong, mask: mask.map((entry) => 2 * entry) };
      await expectRefusal(fit(odd), 'INVALID_SAMPLES', /mask holds 2 at position 0/);
    });

    test('bits, bytes, booleans and floats give the same Bernoulli mixture', async () => {
      const binary = data.map((value) => (value > 0 ? 1 : 0));
      const forms: SamplesInput[] = [
        packBits(binary, 300, 2),
        { data: Uint8Array.from(binary), nSamples: 300, nFeatures: 2 },
        rowsOf(binary, 2).map((row) => row.map(Boolean)) as never,
      ];
      const options = { nComponents: 2, context: side.context };
      const plain = { data: binary, nSamples: 300, nFeatures: 2 };
      const expected = await BernoulliMixture.fit(plain, options);
      for (const form of forms) {
        const mixture = await BernoulliMixture.fit(form, options);
        expect(mixture.lowerBounds).toEqual(expected.lowerBounds);
        expect(mixture.probabilities).toEqual(expected.probabilities);
      }
    });

    test('columns of other names than those of the fit are refused, from a saved mixture too', async () => {
      const named = { columns: { a: first, b: second } };
      const mixture = await fit(named);
      expect(mixture.columnNames).toEqual(['a', 'b']);
      const saved = GaussianMixture.fromJSON(JSON.stringify(mixture));
      const swapped = { columns: { b: second, a: first } };
      const options = { context: side.context };
      for (const one of [mixture, saved]) {
        await expectRefusal(
          one.predict(swapped, options),
          'FEATURE_MISMATCH',
          /Column 0 is named "b".*"a"/,
          { column: 0 },
        );
        expect(await one.predict(named, options)).toEqual(await one.predict(samples, options));
      }
      const family = independent({ a: gaussian(), b: gaussian() });
      const mixed = await Mixture.fit(named, { family, nComponents: 2, ...options });
      await expectRefusal(mixed.scoreSamples(swapped, options), 'FEATURE_MISMATCH', /"b"/);
    });

    test('settings of a family are checked like options', async () => {
      expect(() => poisson({ priors: { a: 2 } } as never)).toThrow(/no setting priors/);
      expect(() => gaussian({ nFeature: 3 } as never)).toThrow(/no setting nFeature/);
      const options = { nComponents: 1, context: side.context };
      const family = independent({ pair: gaussian({ covarianceType: 'full' }), rest: gaussian() });
      const gap = { data: [Number.NaN, 1, 2, 3], nSamples: 2, nFeatures: 2 };
      await expectRefusal(
        Mixture.fit(gap, { ...options, family }),
        'NON_FINITE',
        /block "pair" \(gaussian-full\) needs whole samples/,
      );
    });

    test('packed bits are checked', async () => {
      const fitBits = (bits: BitMatrix) =>
        BernoulliMixture.fit(bits, { nComponents: 1, context: side.context });
      const bits = Uint32Array.of(1, 2, 3);
      await expectRefusal(
        fitBits({ bits, nSamples: 4, nFeatures: 2 }),
        'INVALID_SAMPLES',
        /4 words/,
      );
      await expectRefusal(
        fitBits({ bits: Uint32Array.of(1, 4, 3), nSamples: 3, nFeatures: 2 }),
        'INVALID_SAMPLES',
        /Sample 1 has bits set beyond/,
        { sample: 1 },
      );
      expect(() => packBits([0, 1, 2, 0], 2, 2)).toThrow(/Sample 1, column 0 is 2/);
      expect(packBits([0, 1, Number.NaN, 1], 2, 2)).toEqual({
        bits: Uint32Array.of(2, 2),
        nSamples: 2,
        nFeatures: 2,
        mask: Uint32Array.of(3, 2),
      });
    });
  });
}
