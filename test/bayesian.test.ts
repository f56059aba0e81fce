import { describeBayesianFixtures, describeBayesianRuns } from './support/bayesian-suite.ts';

describeBayesianFixtures('cpu');
describeBayesianRuns();
