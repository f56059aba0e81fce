import { describeKMeans } from './support/behaviour/k-means.ts';

describeKMeans('cpu');
