import { describeBayesianFixtures } from './support/bayesian-suite.ts';
import { describeBayesian } from './support/behaviour/bayesian.ts';

describeBayesian('webgpu');
describeBayesianFixtures('webgpu', 13);
