import { REFERENCE_TOLERANCES } from '../support/compare-fixture.ts';
import { describeFixtures } from '../support/fixture-suite.ts';

describeFixtures({
  backend: 'cpu',
  threads: 2,
  tolerances: REFERENCE_TOLERANCES,
  budget: 1e9,
  report: () => Promise.resolve(),
});
