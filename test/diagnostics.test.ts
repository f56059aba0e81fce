import { describeDiagnostics } from './support/behaviour/diagnostics.ts';
import { describeWarnings } from './support/behaviour/warnings.ts';

describeWarnings('cpu');
describeDiagnostics('cpu');
