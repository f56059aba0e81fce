import { describeStreams } from './support/behaviour/streams.ts';

describeStreams('webgpu');
