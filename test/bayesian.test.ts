import { describeBayesian } from './support/behaviour/bayesian.ts';
import { describeBayesianFixtures, describeBayesianRuns } from './support/bayesian-suite.ts';

describeBayesian('cpu');
describeBayesianFixtures('cpu');
describeBayesianRuns();
