import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createContext, GaussianMixture, type Context } from '../../src/index.ts';
import { drawSamples } from '../synthetic.ts';

const USAGE = `A small entry, to see whether a kit works: one shape, on the CPU and on the adapter.
  --out FILE    where the result goes
  --cpu         the CPU side alone
  --quick       nothing else: it is small anyway
  --software    a software adapter will do
  --help`;

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    cpu: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    software: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
process.exitCode = values.help ? help() : await bench();

function help(): number {
  console.log(USAGE);
  return 0;
}

async function bench(): Promise<number> {
  const shape = { nSamples: 500, nFeatures: 2, nComponents: 2, covarianceType: 'full' } as const;
  const { samples, start } = drawSamples(shape, 1);
  const fit = async (context: Context): Promise<{ milliseconds: number; lowerBound: number }> => {
    const started = performance.now();
    const { lowerBounds } = await GaussianMixture.fit(samples, {
      ...start,
      nComponents: shape.nComponents,
      tol: 0,
      maxIter: 3,
      context,
    });
    context.dispose();
    return { milliseconds: performance.now() - started, lowerBound: lowerBounds[2] };
  };
  const rows = [
    { side: 'cpu', shape, ...(await fit(await createContext({ backend: 'cpu' }))) },
  ] as object[];
  let adapter: string | undefined;
  if (!values.cpu) {
    const name: string = 'webgpu';
    const { create, globals } = (await import(/* @vite-ignore */ name)) as {
      create: (flags: string[]) => GPU;
      globals: object;
    };
    Object.assign(globalThis, globals);
    const context = await createContext({ backend: 'webgpu', gpu: create([]) });
    adapter = context.info.adapter;
    if (context.info.software && !values.software) throw new Error(`${adapter} is software.`);
    rows.push({ side: 'webgpu', shape, ...(await fit(context)) });
  }
  const result = { version: 1, stamp: { date: new Date().toISOString(), adapter }, rows };
  if (values.out !== undefined) writeFileSync(values.out, JSON.stringify(result));
  console.log(rows);
  return 0;
}
