import { describeEscape } from './support/behaviour/escape.ts';

describeEscape('webgpu');
