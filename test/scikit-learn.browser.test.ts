import { describeScikitLearn } from './support/scikit-learn.ts';

describeScikitLearn('webgpu', 1e-5);
