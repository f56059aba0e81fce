import { describeTimings } from './support/behaviour/timings.ts';

describeTimings('cpu');
