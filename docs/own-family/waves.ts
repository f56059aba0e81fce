import { Mixture, type Context } from '../../src/index.ts';
import { rayleigh } from './rayleigh.ts';

/** Heights of 3000 waves: two thirds in a calm sea (sigma 0.5 m), one third in a storm (sigma 2 m). */
export function waveHeights() {
  // evenly spaced quantiles of each: x = sigma sqrt(-2 ln(1 - u))
  const heights = (count: number, sigma: number) =>
    Array.from(
      { length: count },
      (_, i) => sigma * Math.sqrt(-2 * Math.log(1 - (i + 0.5) / count)),
    );
  const data = Float64Array.from([...heights(2000, 0.5), ...heights(1000, 2)]);
  return { data, nSamples: data.length, nFeatures: 1 };
}

export async function fitWaves(context: Context) {
  const mixture = await Mixture.fit(waveHeights(), {
    family: rayleigh,
    nComponents: 2,
    parametersInit: { sigmas: [1, 3] },
    tol: 1e-9,
    maxIter: 1000,
    context,
  });
  return mixture; // mixture.parameters.sigmas: K x D
}
