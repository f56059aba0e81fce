import { Mixture, type Context } from '../../src/index.ts';
import { vonMises } from './von-mises.ts';

/** Bicycles that crossed a bridge in each hour of a working day, from midnight to midnight (figures made up for this page). */
const BICYCLES = [
  4, 2, 1, 1, 3, 14, 61, 203, 318, 160, 74, 62, 70, 75, 88, 131, 226, 330, 262, 138, 72, 41, 22, 10,
];

const toAngle = (hour: number) => (Math.PI * (hour - 12)) / 12;
const toHour = (angle: number) => 12 + (angle * 12) / Math.PI;

/** A sample for each hour, weighted by its count: 23.5 h is next to 0.5 h. */
export async function fitHours(context: Context) {
  const data = Float64Array.from(BICYCLES, (_, hour) => toAngle(hour + 0.5));
  const mixture = await Mixture.fit(
    { data, nSamples: 24, nFeatures: 1 },
    {
      family: vonMises,
      nComponents: 2,
      parametersInit: { directions: [toAngle(8), toAngle(18)], concentrations: [4, 4] },
      sampleWeights: BICYCLES,
      tol: 1e-9,
      maxIter: 1000,
      context,
    },
  );
  return { mixture, rushHours: Array.from(mixture.parameters['directions'], toHour) };
}
