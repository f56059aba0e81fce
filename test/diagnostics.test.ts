import { describeWarnings } from './support/behaviour/warnings.ts';

describeWarnings('cpu');
