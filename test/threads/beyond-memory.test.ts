import { describeBeyondMemory } from '../support/behaviour/beyond-memory.ts';
import { describeBrokenStreams } from '../support/behaviour/broken-streams.ts';
import { useThreads } from '../support/behaviour/side.ts';

useThreads(2);
describeBeyondMemory('cpu');
describeBrokenStreams('cpu');
