import { describeExpfam } from './support/expfam-suite.ts';

describeExpfam({
  backend: 'cpu',
  tolerances: {
    logLikelihood: 1e-9,
    parameters: 1e-7,
    scoreSamples: 1e-9,
    probabilities: 1e-7,
    fall: 1e-13,
  },
  budget: 1.6e9,
});
