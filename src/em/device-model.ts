import type { DeviceTwin, PackedDensity } from '../families/device-twin.ts';
import type { PlaneRequest } from './device-samples.ts';

/** One set of parameters in the form that float32 needs. */
export interface Part {
  readonly packed: PackedDensity;
  readonly split: boolean;
  readonly decorrelation: Float64Array | undefined;
  /** Gaussian families: the whitening of standardised samples, before rounding and decorrelation. */
  readonly standardWhitening: Float64Array | undefined;
  /**
   * Which of the twin's ways to sum: its own, the same in one kernel with the responsibilities, or one that costs less and is accurate
   * enough as far as the density tells.
   */
  readonly sums: 'own' | 'fused' | 'short' | 'linear';
}

/** The model buffers and what they stand for: one set of parameters, or several of the same form with their components stacked. */
export interface Model extends Pick<Part, 'split' | 'decorrelation'> {
  readonly parts: readonly Part[];
  /** K, of each part. */
  readonly nComponents: number;
  /** vec4s of tables a component as they lie in the buffer; 0 where all share them. */
  readonly tableVectors: number;
  /** 0, or the parts' components together, where as many more of them give the coordinates of the moments. */
  readonly momentOffset: number;
  readonly buffers: readonly GPUBuffer[];
}

/** What a pass over the samples gives of one set of parameters. */
export interface Sums {
  /** Totalled in float64, as `DeviceTwin.unpack` takes them. */
  readonly sums: Float64Array;
  readonly logLikelihood: number;
}

/** A model of a family that is not Gaussian. */
export const PLAIN = {
  split: false,
  decorrelation: undefined,
  standardWhitening: undefined,
  sums: 'own',
} as const;

/** The planes that a family's kernels bind. */
export function planeRequest(
  twin: DeviceTwin,
  model: Pick<Model, 'split' | 'decorrelation'> = PLAIN,
): PlaneRequest {
  const { layout } = twin;
  if (layout === 'standardised') {
    return { layout, split: model.split, decorrelation: model.decorrelation };
  }
  if (layout !== 'encoded') return { layout };
  const { encodedColumns, encodingName } = twin;
  return {
    layout,
    name: encodingName!,
    columns: encodedColumns!,
    encode: (sample, out) => twin.encode!(sample, out),
  };
}
