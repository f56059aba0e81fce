import { tilesOf, type DeviceChunk } from './device-chunks.ts';
import type { Model } from './device-model.ts';
import { TILE_SAMPLES } from './kernel-shape.ts';

/** Which part of a chunk's work a dispatch does; see shaders/dispatch.wgsl. */
export interface DispatchPart {
  readonly inverseTemperature?: number;
  readonly firstComponent?: number;
  readonly componentCount?: number;
  readonly rangeFirstTile?: number;
  readonly rangeTiles?: number;
  readonly logarithms?: boolean;
  readonly firstQuad?: number;
  readonly partQuads?: number;
  readonly jointStride?: number;
  readonly firstSlab?: number;
  readonly slabs?: number;
  readonly impossibleValue?: number;
}

/** The fields of shaders/dispatch.wgsl's struct after the two that the queue writes, as u32 words. */
export function dispatchWords(
  { nComponents, parts, momentOffset }: Model,
  chunk: DeviceChunk,
  part: DispatchPart,
): number[] {
  const { firstComponent = 0, componentCount = nComponents } = part;
  return [
    firstComponent,
    componentCount,
    nComponents,
    chunk.stride / 4,
    (tilesOf(chunk) * TILE_SAMPLES) / 4,
    part.slabs ?? 0,
    firstComponent + componentCount === nComponents ? 1 : 0,
    part.rangeFirstTile ?? 0,
    part.rangeTiles ?? 0,
    momentOffset,
    part.logarithms ? 1 : 0,
    nComponents * parts.length,
    floatBits(part.inverseTemperature ?? 1),
    part.firstQuad ?? 0,
    part.partQuads ?? 0,
    part.jointStride ?? 0,
    part.firstSlab ?? 0,
    floatBits(part.impossibleValue ?? 0),
  ];
}

/** A float32's bits, as the uniform's words are written. */
export function floatBits(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0];
}
