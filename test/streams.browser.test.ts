import { describeStreamRefusals } from './support/behaviour/stream-refusals.ts';
import { describeStreams } from './support/behaviour/streams.ts';

describeStreams('webgpu');
describeStreamRefusals('webgpu');
