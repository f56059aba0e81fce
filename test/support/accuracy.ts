import type { Comparison } from './compare-fixture.ts';

/** One data set's worst figures on one backend. */
export interface AccuracyRow {
  readonly samples: string;
  readonly nSamples: number;
  readonly nFeatures: number;
  readonly fixtures: number;
  readonly iterations: number;
  readonly lowerBound: number;
  readonly meansInSigma: number;
}

export interface Accuracy {
  readonly backend: 'cpu' | 'webgpu';
  readonly computedOn: string;
  readonly rows: readonly AccuracyRow[];
}

/** Comparisons gathered by data set, in their order. */
export function summarise(
  comparisons: readonly Comparison[],
  backend: 'cpu' | 'webgpu',
  computedOn: string,
): Accuracy {
  const names = [...new Set(comparisons.map(({ fixture }) => fixture.dataName))];
  const rows = names.map((name) => {
    const group = comparisons.filter(({ fixture }) => fixture.dataName === name);
    const { nSamples, nFeatures } = group[0].fixture;
    return {
      samples: name,
      nSamples,
      nFeatures,
      fixtures: group.length,
      iterations: group.reduce((sum, { iterations }) => sum + iterations, 0),
      lowerBound: Math.max(...group.map(({ lowerBound }) => lowerBound)),
      meansInSigma: Math.max(...group.map(({ parameters }) => parameters.meansInSigma)),
    };
  });
  return { backend, computedOn, rows };
}

/** docs/accuracy.md from what each backend found. */
export function accuracyMarkdown(cpu: Accuracy | undefined, webgpu: Accuracy | undefined): string {
  const names = [...(cpu?.rows ?? webgpu?.rows ?? [])].map(({ samples }) => samples);
  const cells = (accuracy: Accuracy | undefined, name: string): string => {
    const row = accuracy?.rows.find(({ samples }) => samples === name);
    if (!row) return '– | – | –';
    return `${row.iterations} | ${short(row.lowerBound)} | ${short(row.meansInSigma)}`;
  };
  const lines = names.map((name) => {
    const row = (cpu ?? webgpu)!.rows.find(({ samples }) => samples === name)!;
    const shape = `${row.nSamples} × ${row.nFeatures}`;
    return `| ${name} | ${shape} | ${row.fixtures} | ${cells(cpu, name)} | ${cells(webgpu, name)} |`;
  });
  const worst = (accuracy: Accuracy | undefined): string =>
    accuracy
      ? `${sum(accuracy.rows.map(({ iterations }) => iterations))} | ` +
        `${short(Math.max(...accuracy.rows.map(({ lowerBound }) => lowerBound)))} | ` +
        short(Math.max(...accuracy.rows.map(({ meansInSigma }) => meansInSigma)))
      : '– | – | –';
  const fixtures = sum((cpu ?? webgpu)!.rows.map((row) => row.fixtures));
  return `# Measured accuracy against scikit-learn

Written by the tests: \`VITE_WRITE_ACCURACY=1 npx vitest run fixtures-\`. Each row is a data set of test/fixtures; its fixtures
are runs of scikit-learn (or of 80-bit arithmetic, where float64 scikit-learn is itself off) with full, tied, diagonal and
spherical covariances, compared iteration by iteration from the same start. "Bound" is the largest difference of a lower bound
per sample (a share of it where it is beyond ±1), "means" the largest difference of a mean in its component's own
standard deviations, over all iterations compared.${beyond(webgpu)}

- CPU: ${cpu?.computedOn ?? 'not measured'}
- WebGPU: ${webgpu?.computedOn ?? 'not measured'}

| data | N × D | fixtures | CPU iterations | bound | means | WebGPU iterations | bound | means |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${lines.join('\n')}
| **all** | | ${fixtures} | ${worst(cpu)} | ${worst(webgpu)} |
`;
}

/** The tests ask for 1e-5 on WebGPU: which data are beyond it, and where that is explained. */
function beyond(webgpu: Accuracy | undefined): string {
  const names = (webgpu?.rows ?? [])
    .filter(({ lowerBound }) => lowerBound > 1e-5)
    .map(({ samples }) => samples);
  if (names.length === 0) return '';
  return ` Above 1e-5 on WebGPU: ${names.join(', ')}, where the run\nitself amplifies a rounding of its start (test/support/amplified.ts).`;
}

function short(value: number): string {
  return value.toExponential(1);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
