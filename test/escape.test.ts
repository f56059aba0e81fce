import { describeEscape } from './support/behaviour/escape.ts';

describeEscape('cpu');
