import { describeEscapeRefusals } from './support/behaviour/escape-refusals.ts';
import { describeEscape } from './support/behaviour/escape.ts';

describeEscape('cpu');
describeEscapeRefusals('cpu');
