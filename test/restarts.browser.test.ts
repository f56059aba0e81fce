import { describeGuidance } from './support/behaviour/guidance.ts';
import { describeRestarts } from './support/behaviour/restarts.ts';

describeRestarts('webgpu');
describeGuidance('webgpu');
