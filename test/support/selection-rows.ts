import type { Candidate, FittedCandidate, Selection } from '../../src/index.ts';

/** A row that was fitted. */
export function fitted(candidate: Candidate): FittedCandidate {
  if (candidate.error) throw candidate.error;
  return candidate;
}

/** The numbers of a table, without what no two runs have alike. */
export function tableOf({ candidates }: Selection) {
  return candidates.map(({ mixture, ...row }) => ({
    ...row,
    milliseconds: 0,
    weights: mixture?.weights,
    bounds: mixture?.lowerBounds,
  }));
}
