declare module 'lz4js' {
  /** LZ4 frames. */
  export function compress(bytes: Uint8Array): Uint8Array;
  export function decompress(bytes: Uint8Array): Uint8Array;
}
