import { describeBatchFits } from './support/behaviour/batches.ts';

describeBatchFits('webgpu');
