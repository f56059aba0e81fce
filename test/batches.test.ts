import { describeBatchFits } from './support/behaviour/batches.ts';

describeBatchFits('cpu');
