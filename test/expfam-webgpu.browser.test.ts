import { describeExpfam } from './support/expfam-suite.ts';

describeExpfam({
  backend: 'webgpu',
  tolerances: {
    logLikelihood: 1e-5,
    parameters: 1e-3,
    scoreSamples: 1e-5,
    probabilities: 1e-4,
    fall: 2e-7,
  },
  budget: 1.6e9,
});
