import { REFERENCE_TOLERANCES } from '../support/compare-fixture.ts';
import { fixtureIds } from '../support/fixtures.ts';
import { describeFixtures } from '../support/fixture-suite.ts';

describeFixtures({
  backend: 'cpu',
  threads: 2,
  // (those of a million samples take as long as all others together, and the kernels look no different there)
  ids: fixtureIds.filter((id) => !id.includes('-n1000000-')),
  tolerances: REFERENCE_TOLERANCES,
  budget: 1e9,
  report: () => Promise.resolve(),
});
