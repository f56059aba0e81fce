import { describeWorkedExample } from './support/worked-example.ts';

describeWorkedExample('webgpu', 1e-5);
