import { afterAll, beforeAll } from 'vitest';
import { createContext, type Context } from '../../src/index.ts';
import { describeBatches } from './contract-batches.ts';
import { CASES } from './contract-cases.ts';
import { describeFits } from './contract-fits.ts';
import { describeFamily } from './contract.ts';
import { describeStatistics } from './contract-statistics.ts';

let context: Context;
beforeAll(async () => {
  context = await createContext({ backend: 'cpu' });
});
afterAll(() => context.dispose());

for (const one of CASES) {
  describeFamily(one);
  describeStatistics(one);
  const contract = { backend: 'cpu', contextOf: () => context, rounding: 1e-10 } as const;
  describeFits(one, contract);
  describeBatches(one, contract);
}
