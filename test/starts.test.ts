import { describeLabelledStarts } from './support/behaviour/labelled-starts.ts';
import { describeStartKinds } from './support/behaviour/start-kinds.ts';

describeStartKinds('cpu');
describeLabelledStarts('cpu');
