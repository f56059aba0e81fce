import type { PackedDensity } from '../families/family.ts';

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
  /** The whitening of standardised samples, before rounding and decorrelation. */
  readonly standardWhitening: Float64Array;
}

/** Which part of a chunk's work a dispatch does; see shaders/dispatch.wgsl. */
export interface DispatchPart {
  readonly firstComponent?: number;
  readonly componentCount?: number;
  readonly firstGroup?: number;
  readonly rangeFirstTile?: number;
  readonly rangeTiles?: number;
}
