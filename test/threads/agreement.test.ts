import { describeAgreement } from '../support/threads/agreement.ts';
import { PROBLEMS, shape } from '../support/threads/problems.ts';

describeAgreement(PROBLEMS, 1, Infinity);
describeAgreement(
  [
    shape('full', 5000, 5, 3, { weighted: true }),
    shape('tied', 5000, 5, 3),
    shape('diag', 5000, 5, 3),
    shape('bernoulli', 3000, 70, 6, { form: 'bits' }),
  ],
  2,
);
