import { afterAll, beforeAll, expect, test } from 'vitest';
import { createContext } from '../../src/index.ts';
import { describeBatches } from './contract-batches.ts';
import { CASES } from './contract-cases.ts';
import { describeFits } from './contract-fits.ts';
import { describeSeams, type Contexts } from './contract-seams.ts';
import { contextOn } from '../support/context.ts';

let contexts: Contexts;
beforeAll(async () => {
  contexts = {
    cpu: await createContext({ backend: 'cpu' }),
    webgpu: await contextOn('webgpu'),
  };
});
afterAll(() => {
  contexts.webgpu.dispose();
  contexts.cpu.dispose();
});

for (const one of CASES) {
  describeSeams(one, () => contexts);
  // a float32 bound has steps of about 1e-6
  const contract = { backend: 'webgpu', contextOf: () => contexts.webgpu, rounding: 1e-5 } as const;
  describeFits(one, contract);
  describeBatches(one, contract);
}

test('nothing of all that is left on the device', () => {
  expect(contexts.webgpu.liveBuffers).toBe(0);
});
