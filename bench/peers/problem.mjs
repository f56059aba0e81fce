// Writes a folder that the peers read: node bench/peers/problem.mjs full-10000x8-k4 FOLDER [ITERATIONS].
import { load } from '../host.mjs';

const [name, folder, iterations] = process.argv.slice(2);
const { writeProblem } = await load('bench/peers/problem.ts');
const { parseShape } = await load('bench/peers/plan.ts');
if (folder === undefined) throw new Error('Two words are needed: a shape, and a folder.');
const { expected, ...about } = await writeProblem(folder, parseShape(name), {
  iterations: iterations === undefined ? undefined : Number(iterations),
});
console.log(about, expected);
