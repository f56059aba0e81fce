import { DEVICE_TOLERANCES } from './support/compare-fixture.ts';
import { describeMclust } from './support/mclust-suite.ts';

describeMclust({
  backend: 'webgpu',
  tolerances: { ...DEVICE_TOLERANCES, fall: 2e-7, defaultPrior: 1e-6 },
});
