import type { FitOptions, FitOutcome, JobControl, PredictOutcome, SampleMatrix } from './jobs.ts';

/** Where the command computes: in this process, or in headless Chrome. */
export interface Engine {
  fit(samples: SampleMatrix, options: FitOptions, control: JobControl): Promise<FitOutcome>;
  predict(
    samples: SampleMatrix,
    model: unknown,
    wantProbabilities: boolean,
    control: JobControl,
  ): Promise<PredictOutcome>;
}
