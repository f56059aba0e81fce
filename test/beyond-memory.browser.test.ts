import { describeBeyondMemory } from './support/behaviour/beyond-memory.ts';
import { describeBrokenStreams } from './support/behaviour/broken-streams.ts';

describeBeyondMemory('webgpu');
describeBrokenStreams('webgpu');
