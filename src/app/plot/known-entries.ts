/** One component's column of responsibilities. @param rows N x K, row-major */
export function responsibilitiesOf(
  rows: Float32Array,
  nComponents: number,
  component: number,
): Float32Array {
  return Float32Array.from(
    { length: rows.length / nComponents },
    (_, n) => rows[n * nComponents + component],
  );
}

/** The entropy of each row of responsibilities, in nats. @param rows N x K, row-major */
export function entropiesOf(rows: Float32Array, nComponents: number): Float32Array {
  const entropies = new Float32Array(rows.length / nComponents);
  for (let n = 0; n < entropies.length; n++) {
    let sum = 0;
    for (let k = n * nComponents; k < (n + 1) * nComponents; k++) {
      if (rows[k] > 0) sum -= rows[k] * Math.log(rows[k]);
    }
    entropies[n] = sum;
  }
  return entropies;
}
