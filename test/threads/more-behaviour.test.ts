import { describeBatchFits } from '../support/behaviour/batches.ts';
import { describeBayesian } from '../support/behaviour/bayesian.ts';
import { describeKMeansRuns } from '../support/behaviour/k-means-runs.ts';
import { describeKMeans } from '../support/behaviour/k-means.ts';
import { describeMissing } from '../support/behaviour/missing.ts';
import { describePriors } from '../support/behaviour/priors.ts';
import { describeSeeding } from '../support/behaviour/seeding.ts';
import { describeRestarts } from '../support/behaviour/restarts.ts';
import { useThreads } from '../support/behaviour/side.ts';

useThreads(2);
describeKMeans('cpu');
describeKMeansRuns('cpu');
describeRestarts('cpu');
describeBatchFits('cpu');
describeBayesian('cpu');
describePriors('cpu');
describeSeeding('cpu');
describeMissing('cpu');
