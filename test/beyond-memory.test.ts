import { describeBeyondMemory } from './support/behaviour/beyond-memory.ts';
import { describeBrokenStreams, describeNeedsMemory } from './support/behaviour/broken-streams.ts';

describeBeyondMemory('cpu');
describeBrokenStreams('cpu');
describeNeedsMemory();
