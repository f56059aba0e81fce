import { describeCancellation } from '../support/behaviour/cancellation.ts';
import { describeDoors } from '../support/behaviour/doors.ts';
import { describeEstimation } from '../support/behaviour/estimation.ts';
import { describeFitting } from '../support/behaviour/fitting.ts';
import { describeKeeping } from '../support/behaviour/keeping.ts';
import { describeMixture } from '../support/behaviour/mixture.ts';
import { useThreads } from '../support/behaviour/side.ts';

useThreads(2);
describeDoors('cpu');
describeEstimation('cpu');
describeFitting('cpu');
describeMixture('cpu');
describeKeeping('cpu');
describeCancellation('cpu');
