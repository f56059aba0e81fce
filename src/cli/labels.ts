/**
 * A CSV text with one line a sample: its component (from 0), and where given the probability of
 * every component (N x K, row-major).
 */
export function labelsCsv(
  labels: Int32Array,
  probabilities: Float32Array | undefined,
  nComponents: number,
): string {
  const header = labelsHeader(probabilities !== undefined, nComponents);
  return `${header}${labelLines(labels, probabilities, nComponents)}`;
}

/** The first line. */
export function labelsHeader(withProbabilities: boolean, nComponents: number): string {
  if (!withProbabilities) return 'label\n';
  const names = Array.from({ length: nComponents }, (_, component) => `probability_${component}`);
  return `label,${names.join(',')}\n`;
}

/** The lines after it. */
export function labelLines(
  labels: Int32Array,
  probabilities: Float32Array | undefined,
  nComponents: number,
): string {
  if (probabilities === undefined) return `${labels.join('\n')}\n`;
  const lines = Array.from(labels, (label, sample) => {
    const row = probabilities.subarray(sample * nComponents, (sample + 1) * nComponents);
    return `${label},${Array.from(row, float32Text).join(',')}\n`;
  });
  return lines.join('');
}

/** Nine digits give a float32 back exactly. */
function float32Text(value: number): string {
  return String(Number(value.toPrecision(9)));
}

/** Samples per component. */
export function countLabels(labels: Int32Array, nComponents: number): number[] {
  const counts = Array.from({ length: nComponents }, () => 0);
  for (const label of labels) counts[label]++;
  return counts;
}
