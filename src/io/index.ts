/**
 * webgpu-em/io: files of samples as streams, which fits read a chunk at a time where they are larger than memory.
 *
 * @module webgpu-em/io
 */
export { fromChunks, type ChunkFactory, type ChunkOptions } from './from-chunks.ts';
export {
  fromFile,
  fromNodeFile,
  fromUrl,
  type FileFormat,
  type FileOptions,
  type FileStream,
} from './from-file.ts';
export type { SkippedColumn } from './csv-select.ts';
export type { UrlOptions } from './url-source.ts';
