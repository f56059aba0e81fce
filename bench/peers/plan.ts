import { OWN_SHAPES, SHAPES, type BenchShape, type Listed } from '../shapes.ts';

const NAME = /^(full|tied|diag|spherical|bernoulli|kmeans)-(\d+)x(\d+)-k(\d+)$/;

/** A shape by its name, such as full-10000x8-k4. @throws Error */
export function parseShape(name: string): BenchShape {
  const found = NAME.exec(name);
  if (found === null) throw new Error(`${name} is no shape: they look like full-10000x8-k4.`);
  const [nSamples, nFeatures, nComponents] = found.slice(2).map(Number);
  return { model: found[1] as BenchShape['model'], nSamples, nFeatures, nComponents };
}

/** What is compared where no shapes are named: the list and a k-means. */
export function peerShapes(gpu: boolean): BenchShape[] {
  const clusters: Listed<BenchShape> = {
    model: 'kmeans',
    nSamples: 100_000,
    nFeatures: 8,
    nComponents: 16,
  };
  const tied = OWN_SHAPES.filter(({ model }) => model === 'tied').slice(0, 1);
  return [...SHAPES, ...tied, clusters].flatMap(({ hardwareOnly, ...shape }) =>
    hardwareOnly === true && !gpu ? [] : [shape],
  );
}
