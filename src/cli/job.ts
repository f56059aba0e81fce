import type { Context, SampleStream } from '../index.ts';

/** The library as a module object: src/index.ts in Node, dist/index.js in the page. */
export type Library = typeof import('../index.ts');

/** Arrays by name: what is too long for JSON. */
export type Arrays = Readonly<Record<string, JobArray>>;
export type JobArray = Float64Array | Float32Array | Int32Array | Uint32Array;

export interface JobInput<Settings> {
  /** JSON. */
  readonly settings: Settings;
  readonly arrays: Arrays;
  /** Samples in place of `data`; only where the job runs in this process. */
  readonly stream?: SampleStream | undefined;
}

export interface Outcome<Report> {
  /** JSON. */
  readonly report: Report;
  readonly arrays: Arrays;
}

export interface Progress {
  /** Which mixture of how many that are compared, and what it is: "K = 3, full". */
  readonly candidate?: { readonly index: number; readonly total: number; readonly name: string };
  readonly restart: number;
  readonly iteration: number;
  readonly lowerBound: number;
  readonly change: number;
}

export interface JobControl {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Takes the labels (and N x K probabilities) of a stream's samples, as they come. */
  readonly onLabels?:
    | ((
        labels: Int32Array,
        probabilities: Float32Array | undefined,
        nComponents: number,
      ) => Promise<void>)
    | undefined;
}

/**
 * Work on samples, on whichever side `context` computes. It runs in Node and, sent as text, in the page of --browser: so a job
 * may use its arguments and the language, but no import and no other function of its module.
 */
export type Job<Settings, Report> = (
  library: Library,
  context: Context,
  input: JobInput<Settings>,
  control: JobControl,
) => Promise<Outcome<Report>>;

/** Samples are `{ ...shape, data }` or, packed 32 to a word, `{ ...shape, bits, mask? }`, the arrays among a job's own. */
export interface Shape {
  readonly nSamples: number;
  readonly nFeatures: number;
}

/** Where the command computes: in this process, or in headless Chrome. */
export interface Engine {
  run<Settings, Report>(
    job: Job<Settings, Report>,
    input: JobInput<Settings>,
    control: JobControl,
  ): Promise<Outcome<Report>>;
}
