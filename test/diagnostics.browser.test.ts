import { describeDiagnostics } from './support/behaviour/diagnostics.ts';
import { describeWarnings } from './support/behaviour/warnings.ts';

describeWarnings('webgpu');
describeDiagnostics('webgpu');
