import { describeSelecting } from './support/behaviour/selecting.ts';
import { describeSelection } from './support/behaviour/selection.ts';

describeSelection('cpu');
describeSelecting('cpu');
