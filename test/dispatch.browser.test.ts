import { describe, expect, test } from 'vitest';
import { Device } from '../src/em/device.ts';
import { createDataset, type Context } from '../src/index.ts';
import { gaussianFamilies } from '../src/families/gaussian-types.ts';
import { WorkQueue } from '../src/gpu/work-queue.ts';
import { hashgen } from './support/hashgen.ts';
import { contextOn } from './support/context.ts';

const nSamples = 20000;
const nFeatures = 5;
const nComponents = 9;
const { data } = hashgen({
  seed: 3,
  n: nSamples,
  k: 3,
  d: nFeatures,
  kind: 'full',
  sep: 4,
  corr: 0.5,
  smin: 0.5,
  smax: 1.5,
});

/** A context whose device allows only so many workgroups in a dimension: dispatches fold long before 65,535. */
async function contextWith(maxWorkgroups: number): Promise<Context> {
  const context = await contextOn('webgpu');
  const { device, buffers } = context.gpu();
  const queue = new WorkQueue(device, buffers, maxWorkgroups);
  Object.assign(context, { gpu: () => ({ device, buffers, queue }) });
  return context;
}

async function everything(context: Context, maxChunkSamples: number) {
  const dataset = await createDataset({ data, nSamples, nFeatures }, { context, maxChunkSamples });
  const family = gaussianFamilies.full;
  const seeds = new Float64Array(nComponents * nFeatures);
  for (let k = 0; k < nComponents; k++) {
    dataset.readStandardised(k * 7, seeds.subarray(k * nFeatures, (k + 1) * nFeatures));
  }
  const parameters = family.narrow!(seeds, nComponents, nFeatures, 0.5);
  const seam = new Device(dataset, family, context);
  const { logLikelihood, statistics } = await seam.eStep(parameters);
  const labels = await seam.predict(parameters);
  const scores = await seam.scoreSamples(parameters);
  const responsibilities: number[] = [];
  await seam.forEachResponsibilities(parameters, (_first, count, rows) => {
    for (let i = 0; i < count * nComponents; i++) responsibilities.push(rows[i]);
  });
  context.dispose();
  return {
    logLikelihood,
    mass: [...statistics.componentMass],
    sums: [...statistics.sums],
    labels: [...labels],
    scores: [...scores],
    responsibilities,
  };
}

describe('how the work is cut', () => {
  test('dispatches folded at 3 and at 7 workgroups give the same bits as unfolded ones', async () => {
    const unfolded = await everything(await contextOn('webgpu'), Infinity);
    for (const maxWorkgroups of [3, 7]) {
      const folded = await everything(await contextWith(maxWorkgroups), Infinity);
      expect(folded).toEqual(unfolded);
    }
  });

  test('chunks of one slab give labels, scores and responsibilities to the bit, and sums to rounding', async () => {
    const whole = await everything(await contextOn('webgpu'), Infinity);
    const cut = await everything(await contextOn('webgpu'), 1);
    expect(cut.labels).toEqual(whole.labels);
    expect(cut.scores).toEqual(whole.scores);
    expect(cut.responsibilities).toEqual(whole.responsibilities);
    expect(Math.abs(cut.logLikelihood - whole.logLikelihood)).toBeLessThan(1e-7 * nSamples);
    cut.mass.forEach((mass, k) => {
      expect(Math.abs(mass - whole.mass[k])).toBeLessThan(1e-6 * whole.mass[k]);
    });
  });
});
