import { describeWorkedExample } from './support/worked-example.ts';

describeWorkedExample('cpu', 1e-12);
