import { describeStarts } from './support/behaviour/starts.ts';
import { describeEvidence } from './support/behaviour/evidence.ts';
import { describeForms } from './support/behaviour/forms.ts';
import { describeMissing } from './support/behaviour/missing.ts';
import { describePriors } from './support/behaviour/priors.ts';

describePriors('cpu');
describeMissing('cpu');
describeEvidence('cpu');
describeForms('cpu');
describeStarts('cpu');
