import { css, pointColour } from '../shared/palette.ts';
import type { Colour } from '../shared/palette.ts';

/** The components' colours mixed by a sample's shares, in linear light, so that a half-and-half dot looks as bright as its halves. */
export function mixed(shares: ArrayLike<number>, dark: boolean): string {
  const sum = [0, 0, 0];
  for (let k = 0; k < shares.length; k++) {
    pointColour(k, dark).forEach((channel, i) => (sum[i] += shares[k] * channel ** 2.2));
  }
  return css(sum.map((channel) => channel ** (1 / 2.2)) as unknown as Colour);
}
