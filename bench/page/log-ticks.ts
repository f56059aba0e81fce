/** Powers of ten in a range, with their halves and fifths where there would be fewer than three. */
export function logTicks([low, high]: readonly [number, number]): number[] {
  const ticks = (steps: readonly number[]): number[] => {
    const found: number[] = [];
    for (let power = Math.floor(Math.log10(low)); 10 ** power <= high; power++) {
      for (const step of steps) {
        // of a whole power a quotient is exact where a product is not
        const value = power < 0 ? step / 10 ** -power : step * 10 ** power;
        if (value >= low && value <= high) found.push(value);
      }
    }
    return found;
  };
  const decades = ticks([1]);
  return decades.length >= 3 ? decades : ticks([1, 2, 5]);
}
