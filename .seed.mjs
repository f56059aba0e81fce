import { load } from './bench/host.mjs';
const lib = await load('src/index.ts'); const syn = await load('src/app/data/synthetic.ts');
const context = await lib.createContext({ backend: 'cpu', threads: 2 });
for (const n of [100000, 1000000]) { const s = syn.clumps(n, 1); const samples = s.samples ?? s; let good = 0;
 for (let seed=8; seed<60 && good < 3; seed++) { const m = await lib.GaussianMixture.fit(samples, { nComponents: 8, initParams: 'random_from_data', seed, tol: 1e-5, maxIter: 90, context }); if (m.lowerBound > -4.32) { good++; console.log(n, seed, m.nIter, m.lowerBound.toFixed(5)); } } }
context.dispose();
