/** How a shard keeps its samples: what they are, not what is done with them. */
export interface ShardSpec {
  readonly form: 'float32' | 'float64' | 'bits';
  readonly nFeatures: number;
  /** Of the whole dataset: its samples, and where this shard's begin and how many they are. */
  readonly nSamples: number;
  readonly firstSample: number;
  readonly count: number;
  readonly weighted: boolean;
  /** The affine map to standardised units, D each; unused by bits. */
  readonly means: Float64Array;
  readonly scales: Float64Array;
}

/** What a family's density comes to for the kernels, laid out as kernels/state.as.ts says. */
export interface Tables {
  readonly kind: 'triangular' | 'shared' | 'diagonal' | 'bits';
  readonly nComponents: number;
  /** Sums a component, beyond its mass. */
  readonly sumsLength: number;
  /** Responsibilities below this, relative to a sample's largest, count towards the mass alone. */
  readonly cutoff: number;
  /** K (bits: padded). */
  readonly constants: Float64Array;
  /** K x D. */
  readonly origins?: Float64Array;
  readonly whitening?: Float64Array;
  /** Numbers from one component's whitening to the next. */
  readonly whiteningStride?: number;
  readonly whitenedMeans?: Float64Array;
  readonly slopes?: Float64Array;
  readonly paddedComponents?: number;
  /** K x words. */
  readonly certain?: Uint32Array | undefined;
  readonly likely?: Uint32Array;
}

/** Passes that say something of each sample. */
export type ListPass = 'score' | 'predict' | 'responsibilities' | 'nearest';

/** Numbers that a pass says of a sample. */
export function numbersOf(what: Job['what'], nComponents: number): number {
  if (what === 'eStep' || what === 'measure') return 0;
  return what === 'responsibilities' ? nComponents : what === 'nearest' ? 2 : 1;
}

/** One pass over a range of samples. */
export interface Job {
  readonly what: 'eStep' | 'measure' | ListPass;
  readonly tables: Tables;
  /** Of the dataset's samples; a shard does its own share. */
  readonly firstSample: number;
  readonly endSample: number;
  readonly hard?: boolean;
  readonly inverseTemperature?: number;
  readonly logarithms?: boolean;
  /** The number of what `Hand.guide` was given. */
  readonly guide?: number | undefined;
}

/** A sum over consecutive segments: those of an aligned power of two of them, see sum-tree.ts. */
export interface PartialSum {
  readonly level: number;
  readonly index: number;
  /** [log-likelihood, entropy, masses (K), sums (K x S)]; without the latter two of a 'measure'. */
  readonly values: Float64Array<ArrayBuffer>;
}

/** What a shard gives back: sums; or one number or K numbers a sample of its share of the range. */
export type JobResult =
  | { readonly sums: PartialSum[] }
  | {
      readonly firstSample: number;
      readonly values: Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer>;
    };

export type Rows = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

export type Guide = Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** What goes along with a message, and is away then; memory that is shared (which `Rows` may lie in) both sides see as it is. */
export const buffersToSend = (views: readonly ArrayBufferView[]): ArrayBuffer[] =>
  views.map(({ buffer }) => buffer).filter((buffer) => buffer instanceof ArrayBuffer);

/** Whoever owns a shard: a worker thread, or the calling one. */
export interface Hand {
  readonly spec: ShardSpec;
  /** Adds samples to the shard, row by row from the dataset's sample `first` on. `rows` may be away meanwhile, and comes back to be
   * filled again: garbage of the samples' size would lie in both threads until it is collected. */
  load(first: number, rows: Rows, weights: Float64Array<ArrayBuffer> | undefined): Promise<Rows>;
  /**
   * What is known of the components of the shard's samples, kept under a number: labels (int32, -1 unknown), or ln tau (K a sample);
   * nothing takes it away.
   */
  guide(number: number, known: Guide | undefined): Promise<void>;
  run(job: Job, signal?: AbortSignal): Promise<JobResult>;
  close(): void;
}
