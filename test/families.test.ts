import { describeEvidence } from './support/behaviour/evidence.ts';
import { describeMissing } from './support/behaviour/missing.ts';
import { describePriors } from './support/behaviour/priors.ts';

describePriors('cpu');
describeMissing('cpu');
describeEvidence('cpu');
