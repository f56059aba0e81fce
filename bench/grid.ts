/** One shape to be timed. */
export interface BenchCase {
  readonly nSamples: number;
  readonly nFeatures: number;
  readonly nComponents: number;
  readonly covarianceType: 'full' | 'diag';
  /** Of each timed fit. The sides may differ: what is compared is the time of one. */
  readonly iterations: { readonly cpu: number; readonly webgpu: number };
  /** Of the warm-up fit, which both sides run and are compared by; at least `iterations.webgpu`. */
  readonly checkIterations: number;
  /** Timed fits on each side. */
  readonly repetitions: number;
  /** How often the way to the first iteration is timed on WebGPU. Below `LEAST_REPETITIONS`, `firstLeftOut` says why. */
  readonly firstRepetitions: number;
  readonly firstLeftOut?: string;
}

/** Fewer do not show a spread. */
export const LEAST_REPETITIONS = 7;

/** Enough that what a fit does once (buffers, the start) does not count. */
const HARDWARE_ITERATIONS = 20;

/**
 * What `npm run bench` measures. A software adapter takes up to seconds an iteration: there, and on the CPU, the large shapes
 * have fewer iterations, so that the whole run stays at about six minutes on two cores.
 */
export function grid(software: boolean): BenchCase[] {
  const slow = (shape: BenchCase, webgpu: number, checkIterations: number): BenchCase =>
    software
      ? { ...shape, iterations: { cpu: shape.iterations.cpu, webgpu }, checkIterations }
      : shape;
  const million = slow(shape(1_000_000, 8, 16, 'full', 1), 1, 2);
  return [
    slow(shape(10_000, 8, 4, 'full', 20), 10, 20),
    slow(shape(10_000, 8, 4, 'diag', 20), 10, 20),
    slow(shape(100_000, 2, 8, 'full', 5), 2, 5),
    slow(shape(100_000, 8, 8, 'full', 2), 2, 5),
    slow(shape(100_000, 8, 8, 'diag', 4), 2, 5),
    slow(shape(20_000, 32, 16, 'full', 2), 2, 3),
    software
      ? {
          ...million,
          firstRepetitions: 1,
          firstLeftOut: 'on a software adapter, seven of them would take a third of the run',
        }
      : million,
  ];
}

/** What `npm run bench -- --quick` measures: small shapes, to see whether the bench itself works. */
export function quickGrid(): BenchCase[] {
  return [
    { ...shape(2_000, 2, 3, 'full', 10), iterations: { cpu: 10, webgpu: 10 } },
    { ...shape(2_000, 8, 4, 'diag', 10), iterations: { cpu: 10, webgpu: 10 } },
  ];
}

/** The case in one line. */
export function describeCase(shown: BenchCase): string {
  const { nSamples, nFeatures, nComponents, covarianceType } = shown;
  return `${grouped(nSamples)} × ${nFeatures}, K = ${nComponents}, ${covarianceType}`;
}

/** 1000000 as 1,000,000, whatever the locale. */
export function grouped(value: number): string {
  return value.toString().replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

function shape(
  nSamples: number,
  nFeatures: number,
  nComponents: number,
  covarianceType: BenchCase['covarianceType'],
  cpuIterations: number,
): BenchCase {
  return {
    nSamples,
    nFeatures,
    nComponents,
    covarianceType,
    iterations: { cpu: cpuIterations, webgpu: HARDWARE_ITERATIONS },
    checkIterations: HARDWARE_ITERATIONS,
    repetitions: LEAST_REPETITIONS,
    firstRepetitions: LEAST_REPETITIONS,
  };
}
