import { describeEscapeRefusals } from './support/behaviour/escape-refusals.ts';
import { describeEscape } from './support/behaviour/escape.ts';

describeEscape('webgpu');
describeEscapeRefusals('webgpu');
