declare module 'lz4js' {
  /** Unpacks an LZ4 frame. */
  export function decompress(bytes: Uint8Array): Uint8Array;
}
