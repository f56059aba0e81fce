import { massOf } from './half-step.ts';
import type { Assignment, HalfStep } from './half-step.ts';
import { brief, rounded, shareText } from './numbers.ts';
import type { WalkState } from './walk.ts';
import { sampleText } from './words.ts';

/** What both half steps do to the bound, whatever the data. */
export function lawOf(assignment: Assignment): string {
  return assignment === 'soft'
    ? 'The E-step closes the gap; the M-step raises both and opens it again.'
    : 'Hard assignment: q is 0 or 1, so it is not the posterior γ, and the E-step does not close the gap. Left of it is the sum of −ln γ over the samples, each for the component it is given to. Both half steps raise L, which never falls; ln p may.';
}

/** The E-step that gives every sample wholly to one component. */
export function tellHardExpectation(
  { lesson, sample }: WalkState,
  step: HalfStep,
  before: HalfStep,
): string {
  const { nComponents, samples } = lesson;
  const given = componentOf(step, sample, nComponents);
  const terms = step.logTerms.subarray(sample * nComponents, (sample + 1) * nComponents);
  const posterior = 1 / terms.reduce((sum, term) => sum + Math.exp(term - terms[given]), 0);
  const changed = Array.from({ length: samples.nSamples }, (_, n) => n).filter(
    (n) => componentOf(step, n, nComponents) !== componentOf(before, n, nComponents),
  ).length;
  const who = sampleText(lesson, sample);
  const whole = `${who[0].toUpperCase()}${who.slice(1)} counts wholly towards component ${given + 1}, to which its posterior γ gives ${shareText(posterior)}.`;
  const moved =
    before.kind === 'start'
      ? ''
      : changed === 0
        ? ' No sample changes its component.'
        : ` ${changed} of ${samples.nSamples} samples ${changed === 1 ? 'changes its' : 'change their'} component.`;
  const raised = rounded(step.lowerBound - before.lowerBound, step.logLikelihood);
  const gap = rounded(step.divergence, step.logLikelihood);
  const rise = raised > 0 ? ` L rises by ${brief(raised)}, as far as a q of 0 and 1 can.` : '';
  const left =
    gap === 0
      ? 'γ is 0 or 1 itself, so no gap is left.'
      : `The gap does not close: KL is ${brief(gap)}.`;
  return `${whole}${moved}${rise} ${left}`;
}

/** What an M-step from a q of 0 and 1 does to L and ln p. */
export function hardGain(step: HalfStep, before: HalfStep): string {
  const raised = rounded(step.lowerBound - before.lowerBound, step.logLikelihood);
  const gained = rounded(step.logLikelihood - before.logLikelihood, step.logLikelihood);
  const way = gained < 0 ? 'falls' : 'rises';
  const gap = rounded(step.divergence, step.logLikelihood);
  return `L rises by ${brief(raised)}; ln p ${way} by ${brief(Math.abs(gained))}. The gap is now ${brief(gap)}.`;
}

/** The end: which samples are with which component. */
export function tellPartition({ run, index, lesson }: WalkState): string {
  const step = run.steps[index];
  const sizes = Array.from(
    massOf(step.responsibilities, lesson.nComponents),
    (size, k) => `${size === 0 ? 'none' : size} in component ${k + 1}`,
  );
  const gap = rounded(step.divergence, step.logLikelihood);
  const below = lesson.bestLogLikelihood - step.logLikelihood;
  const best =
    below < 1e-6
      ? ''
      : `, and ln p is ${brief(below)} below the best maximum that EM is known to reach`;
  return `The run ends at a partition: ${sizes.join(', ')}. No sample would change its component, so L stays where it is, ${gap === 0 ? 'at ln p' : `${brief(gap)} below ln p`}${best}.`;
}

function componentOf({ responsibilities }: HalfStep, sample: number, nComponents: number): number {
  const row = responsibilities.subarray(sample * nComponents, (sample + 1) * nComponents);
  return row.indexOf(Math.max(...row));
}
