import { defineFamily } from '../../src/index.ts';

/** p(x) = x / sigma^2 exp(-x^2 / (2 sigma^2)), x > 0. */
export const rayleigh = defineFamily({
  name: 'rayleigh',
  support: { kind: 'interval', from: 0, to: Infinity },
  neutral: [-0.5],

  sufficientStatistics: (x) => [x * x],
  logBaseMeasure: (x) => Math.log(x),
  logPartition: ([eta]) => -Math.log(-2 * eta),
  meanToNatural: ([mean]) => [-1 / mean],
  wgsl: `
    fn sufficient_statistics(x: f32) -> array<f32, 1> {
      return array<f32, 1>(x * x);
    }`,

  parameters: {
    names: ['sigmas'],
    fromNatural: ([eta]) => [Math.sqrt(-0.5 / eta)],
    toNatural: ([sigma]) => [-0.5 / (sigma * sigma)],
  },
  mean: ([eta]) => Math.sqrt(-Math.PI / (4 * eta)),
  sample: ([eta], random) => Math.sqrt(Math.log(random.uniform()) / eta),
});
