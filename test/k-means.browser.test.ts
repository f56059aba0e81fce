import { describeKMeansRuns } from './support/behaviour/k-means-runs.ts';
import { describeKMeans } from './support/behaviour/k-means.ts';

describeKMeansRuns('webgpu');
describeKMeans('webgpu');
