import { nameOf } from './half-step.ts';
import type { HalfStep } from './half-step.ts';
import type { Lesson } from './lesson.ts';
import { brief, shareText } from './numbers.ts';
import type { Explanation } from '../shared/problem-panel.ts';
import type { Run } from './run.ts';
import type { WalkState } from './walk.ts';

/** Below this, what moved has not moved to the eye. */
const STILL = 5e-5;

/** "sample 3 (x = 4)", "sample 12 (1.833, 54)"; counted from 1, as on the board. */
export function sampleText({ samples }: Lesson, sample: number): string {
  const { data, nFeatures } = samples;
  const values = Array.from(data.subarray(sample * nFeatures, (sample + 1) * nFeatures), brief);
  return `sample ${sample + 1} (${nFeatures === 1 ? `x = ${values[0]}` : values.join(', ')})`;
}

/** A mean as text: "5.132", "(4.29, 79.97)" */
export function meanText({ means }: HalfStep, component: number, nFeatures: number): string {
  const values = Array.from(
    means.subarray(component * nFeatures, (component + 1) * nFeatures),
    brief,
  );
  return nFeatures === 1 ? values[0] : `(${values.join(', ')})`;
}

/** What the half step did, in plain words. */
export function tell(state: WalkState): string {
  const step = state.run.steps[state.index];
  const before = state.run.steps[state.index - 1];
  if (before === undefined) return tellStart(state, step);
  const told =
    step.kind === 'e'
      ? tellExpectation(state, step, before)
      : tellMaximisation(state, step, before);
  return `${told}${tellEnd(state)}`;
}

/** In a dozen words, for the live region: it is to be heard before the next half step. */
export function summary(state: WalkState): string {
  const { run, index } = state;
  const { kind, logLikelihood, lowerBound, divergence } = run.steps[index];
  const before = run.steps[index - 1];
  const gap = brief(cleaned(divergence, logLikelihood));
  const rise = (now: number, then: number) => brief(cleaned(now - then, now));
  const told =
    before === undefined
      ? `L ${brief(lowerBound)}, gap ${gap}`
      : kind === 'e'
        ? `L rises by ${rise(lowerBound, before.lowerBound)} to ${brief(lowerBound)}, gap ${gap}`
        : `ln p rises by ${rise(logLikelihood, before.logLikelihood)} to ${brief(logLikelihood)}, gap ${gap}`;
  const end = index === run.steps.length - 1 ? ' The run ends here.' : '';
  return `${nameOf(index)}. ${told}.${end}`;
}

/** Why the M-step after the last half step has no result. */
export function failureInWords({ steps, failure }: Run): Explanation {
  const component = Number(failure?.details['component']) + 1;
  return {
    message: `Component ${component} has shrunk onto a single value by iteration ${steps.at(-1)!.iteration}: its spread would be 0, and its density without bound.`,
    hint: 'Choose another start, or give the components larger standard deviations.',
  };
}

/** KL without the rounding of sums: what is 0 is 0. */
export function cleaned(divergence: number, logLikelihood: number): number {
  return Math.abs(divergence) <= 1e-13 * Math.max(1, Math.abs(logLikelihood)) ? 0 : divergence;
}

function tellStart({ lesson }: WalkState, step: HalfStep): string {
  const { nFeatures } = lesson.samples;
  const places = Array.from(
    step.weights,
    (_, k) => `component ${k + 1} at ${meanText(step, k, nFeatures)}`,
  );
  return `The start: ${places.join(', ')}. Nothing is known of the samples yet, so q gives every component the same share of each. Next, the E-step asks each sample which component it came from.`;
}

function tellExpectation(
  { lesson, sample, assignment }: WalkState,
  step: HalfStep,
  before: HalfStep,
): string {
  const { nComponents } = lesson;
  const row = step.responsibilities.subarray(sample * nComponents, (sample + 1) * nComponents);
  const component = row.indexOf(Math.max(...row));
  const earlier = before.responsibilities[sample * nComponents + component];
  const gained = step.lowerBound - before.lowerBound;
  const who = sampleText(lesson, sample);
  const name = who[0].toUpperCase() + who.slice(1);
  if (assignment === 'hard') {
    return `${name} now counts wholly towards component ${component + 1}, however near the other one is. Such a q is not the posterior, so a gap of ${brief(step.divergence)} stays below ln p: hard assignment maximises only L.`;
  }
  if (cleaned(before.divergence, before.logLikelihood) === 0) {
    return `${name} belongs ${shareText(row[component])} to component ${component + 1}, as before: q was the posterior already, and there was no gap to close.`;
  }
  return `${name} now belongs ${shareText(row[component])} to component ${component + 1} (before: ${shareText(earlier)}). θ has not moved, so ln p stays; L rises by ${brief(gained)} until it touches ln p, and the gap is closed.`;
}

function tellMaximisation({ lesson }: WalkState, step: HalfStep, before: HalfStep): string {
  const moves = Array.from(step.weights, (_, k) => move(lesson, step, before, k)).filter(
    (text) => text !== '',
  );
  const raised = step.lowerBound - before.lowerBound;
  const gained = step.logLikelihood - before.logLikelihood;
  const gap = cleaned(step.divergence, step.logLikelihood);
  if (moves.length === 0 && Math.abs(gained) < STILL) {
    const rise = cleaned(gained, step.logLikelihood);
    return `No component moves to the eye any more${rise > 0 ? `; ln p rises by ${brief(rise)}` : ''}.`;
  }
  const gapText =
    gap === 0
      ? 'No gap opens.'
      : `L rises by ${brief(raised)}, ln p by ${brief(gained)}: q is that of the old components, so a gap of ${brief(gap)} opens again.`;
  return `${sentence(moves.join('; '))} ${gapText}`;
}

/** "component 1 moves from 6 to 5.132 and becomes narrower" */
function move(lesson: Lesson, step: HalfStep, before: HalfStep, k: number): string {
  const { nFeatures } = lesson.samples;
  const from = meanText(before, k, nFeatures);
  const to = meanText(step, k, nFeatures);
  const size = volume(step, k, nFeatures) / volume(before, k, nFeatures);
  const shape = size > 1.005 ? 'wider' : size < 0.995 ? 'narrower' : '';
  if (from === to) return shape === '' ? '' : `component ${k + 1} becomes ${shape}`;
  // two pairs of coordinates a component are more than a sentence holds
  const way = nFeatures === 1 ? `from ${from} to ${to}` : `to ${to}`;
  return `component ${k + 1} moves ${way}${shape === '' ? '' : ` and becomes ${shape}`}`;
}

/** sigma, or the square root of the determinant. */
function volume({ covariances }: HalfStep, k: number, nFeatures: number): number {
  if (nFeatures === 1) return Math.sqrt(covariances[k]);
  const [a, b, c, d] = covariances.subarray(4 * k, 4 * k + 4);
  return Math.sqrt(a * d - b * c);
}

function tellEnd({ run, lesson, index }: WalkState): string {
  if (index < run.steps.length - 1) return '';
  if (run.ending === 'failed') {
    return ' Here the run ends: the next M-step has no result, as a component has shrunk onto one value. Its density there, and with it ln p, would grow without bound.';
  }
  if (run.ending === 'iterations') return ' The run is cut short here, still climbing.';
  const below = lesson.bestLogLikelihood - run.steps[index].logLikelihood;
  if (below < 1e-6) return ' The run ends at the best maximum that is known.';
  return ` The run ends here, ${brief(below)} below the best maximum that is known: EM goes uphill from where it starts, and no further. Try another start.`;
}

function sentence(text: string): string {
  return text === '' ? '' : `${text[0].toUpperCase()}${text.slice(1)}.`;
}
