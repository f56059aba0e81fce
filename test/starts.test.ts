import { describeStartKinds } from './support/behaviour/start-kinds.ts';

describeStartKinds('cpu');
