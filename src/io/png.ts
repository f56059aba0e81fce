import { encode } from 'fast-png';

/** A picture, 8 bits a channel. */
export interface RgbPicture {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of pixel (x, y) begin at `data[3 * (y * width + x)]`; 0 to 255. */
  readonly data: Uint8Array<ArrayBuffer>;
}

/** A paper-white picture. */
export function blankPicture(width: number, height: number): RgbPicture {
  return { width, height, data: new Uint8Array(3 * width * height).fill(255) };
}

/** The bytes of a PNG file. */
export function encodePng({ width, height, data }: RgbPicture): Uint8Array {
  return encode({ width, height, data, channels: 3, depth: 8 });
}
