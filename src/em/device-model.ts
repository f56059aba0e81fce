import type { DeviceTwin, PackedDensity } from '../families/device-twin.ts';
import type { PlaneRequest } from './device-samples.ts';

/** The model buffers and what they stand for, for one set of parameters. */
export interface Model {
  readonly packed: PackedDensity;
  /** K; the model may hold K more, see `momentOffset`. */
  readonly nComponents: number;
  /** 0, or K where the second half of the model gives the coordinates of the moments. */
  readonly momentOffset: number;
  readonly buffers: readonly GPUBuffer[];
  readonly split: boolean;
  readonly decorrelation: Float64Array | undefined;
  /** Gaussian families: the whitening of standardised samples, before rounding and decorrelation. */
  readonly standardWhitening: Float64Array | undefined;
}

/** Which part of a chunk's work a dispatch does; see shaders/dispatch.wgsl. */
export interface DispatchPart {
  readonly firstComponent?: number;
  readonly componentCount?: number;
  readonly firstGroup?: number;
  readonly rangeFirstTile?: number;
  readonly rangeTiles?: number;
  readonly logarithms?: boolean;
}

/** A model of a family that is not Gaussian. */
export const PLAIN = {
  split: false,
  decorrelation: undefined,
  standardWhitening: undefined,
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
