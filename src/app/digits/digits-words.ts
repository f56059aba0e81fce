import { MixtureError } from '../../index.ts';
import { count, plural } from '../shared/format.ts';
import type { Explanation } from '../shared/problem-panel.ts';

/** What goes wrong with a fit of digits, in the words of its page; undefined for the rest. */
export function inDigits(error: unknown): Explanation | undefined {
  if (!(error instanceof MixtureError)) return undefined;
  const { code, details } = error;
  if (code === 'TOO_FEW_SAMPLES') {
    return {
      message: `There are ${plural(Number(details['nSamples']), 'digit')} to fit for ${count(Number(details['nComponents']))} components: each needs one at least.`,
      hint: 'Use fewer components, or bring more digits.',
    };
  }
  if (code === 'NO_MODE') {
    return {
      message: `With priors this small no best fit exists: component ${Number(details['component'])} holds too little.`,
      hint: 'Give Beta a, Beta b and Dirichlet α numbers of 1 and above, or use fewer components.',
    };
  }
  return undefined;
}
