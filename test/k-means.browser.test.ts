import { describeKMeansRuns } from './support/behaviour/k-means-runs.ts';
import { describeKMeansWarnings } from './support/behaviour/k-means-warnings.ts';
import { describeKMeans } from './support/behaviour/k-means.ts';

describeKMeansRuns('webgpu');
describeKMeans('webgpu');
describeKMeansWarnings('webgpu');
