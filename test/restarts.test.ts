import { describeGuidance } from './support/behaviour/guidance.ts';
import { describeRestarts } from './support/behaviour/restarts.ts';

describeRestarts('cpu');
describeGuidance('cpu');
