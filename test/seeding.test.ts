import { describeSeeding } from './support/behaviour/seeding.ts';

describeSeeding('cpu');
