import { describeCancellation } from './support/behaviour/cancellation.ts';
import { describeDoors } from './support/behaviour/doors.ts';
import { describeEstimation } from './support/behaviour/estimation.ts';
import { describeFitting } from './support/behaviour/fitting.ts';
import { describeKeeping } from './support/behaviour/keeping.ts';
import { describeMixture } from './support/behaviour/mixture.ts';
import { describeOptions } from './support/behaviour/options.ts';

describeDoors('webgpu');
describeOptions('webgpu');
describeEstimation('webgpu');
describeFitting('webgpu');
describeMixture('webgpu');
describeKeeping('webgpu');
describeCancellation('webgpu');
