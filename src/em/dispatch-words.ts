import type { DeviceChunk } from './device-chunks.ts';
import type { Model } from './device-model.ts';

/** Which part of a chunk's work a dispatch does; see shaders/dispatch.wgsl. */
export interface DispatchPart {
  readonly inverseTemperature?: number;
  readonly firstComponent?: number;
  readonly componentCount?: number;
  readonly firstGroup?: number;
  readonly rangeFirstTile?: number;
  readonly rangeTiles?: number;
  readonly logarithms?: boolean;
}

/** The fields of shaders/dispatch.wgsl's struct after the two that the queue writes, as u32 words. */
export function dispatchWords(
  { nComponents, parts, momentOffset }: Model,
  { stride }: DeviceChunk,
  tiles: number,
  slabs: number,
  part: DispatchPart,
): number[] {
  const { firstComponent = 0, componentCount = nComponents } = part;
  return [
    firstComponent,
    componentCount,
    nComponents,
    stride / 4,
    tiles,
    slabs,
    part.firstGroup ?? 0,
    firstComponent + componentCount === nComponents ? 1 : 0,
    part.rangeFirstTile ?? 0,
    part.rangeTiles ?? 0,
    momentOffset,
    part.logarithms ? 1 : 0,
    nComponents * parts.length,
    floatBits(part.inverseTemperature ?? 1),
  ];
}

/** A float32's bits, as the uniform's words are written. */
export function floatBits(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0];
}
