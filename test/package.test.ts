import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { formatMessage } from 'publint/utils';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { programOf } from '../src/app/results/program.ts';
import { GaussianMixture } from '../src/index.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../', import.meta.url));
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');

/** A program that uses the package as its users do. */
const CONSUMER = `
import {
  BernoulliMixture, createContext, defineFamily, GaussianMixture, gaussian, independent, Mixture, MixtureError, packBits,
  poisson, readMixture,
} from 'webgpu-em';
import type { BernoulliMixtureOptions, Context, Family, FitStep, GaussianMixtureOptions } from 'webgpu-em';
import { fromChunks, type FileOptions } from 'webgpu-em/io';

const options: GaussianMixtureOptions = { nComponents: 2, covarianceType: 'diag', seed: 1 };
const samples = [[0], [0.1], [0.2], [9], [9.1], [9.3]];

const context: Context = await createContext({ backend: 'cpu' });
const mixture = await GaussianMixture.fit(samples, { ...options, context });
const means: Float64Array = mixture.means;
const labels: Int32Array = await mixture.predict(samples);
const steps: FitStep[] = [];
for await (const step of GaussianMixture.fitSteps(samples, { ...options, context })) steps.push(step);
const device: GPUDevice | undefined = context.device;
let code = '';
try {
  await GaussianMixture.fit([[Infinity]], options);
} catch (error) {
  if (error instanceof MixtureError) code = error.code;
}
const bernoulli: BernoulliMixtureOptions = { nComponents: 1, prior: { alpha: 2, a: 2, b: [2, 3] }, context };
const bits = await BernoulliMixture.fit(packBits([1, 0, NaN, 1], 2, 2), bernoulli);
const half: Float64Array = bits.probabilities;
const family: Family = independent({ count: poisson({ prior: { a: 2 } }), size: gaussian(2) });
const mixed: Mixture = await Mixture.fit([[1, 2, 3], [4, 5, null], [2, 2, 2]], { family, nComponents: 1, context });
const rate: Float64Array = mixed.parameters['count.rates'];
const again = readMixture(JSON.stringify(mixed));
const own = defineFamily({
  name: 'rayleigh', support: { kind: 'interval', from: 0, to: Infinity }, neutral: [-0.5],
  sufficientStatistics: (x) => [x * x], logPartition: ([eta]) => -Math.log(-2 * eta!),
  logBaseMeasure: (x) => Math.log(x), meanToNatural: ([mean]) => [-1 / mean!],
  wgsl: 'fn sufficient_statistics(x: f32) -> array<f32, 1> { return array<f32, 1>(x * x); }',
});
const waves = await Mixture.fit([[1], [2], [3]], { family: own, nComponents: 1, context });
const stream = fromChunks(() => [Float32Array.of(0, 1, 0), [[9], [8], [9]]], { nFeatures: 1 });
const files: FileOptions = { columns: ['height', 2] };
const streamed = await GaussianMixture.fit(stream, options);
try {
  await GaussianMixture.fit(fromChunks(() => [[[1, 2, 3]]], { nFeatures: 2 }), options);
} catch (error) {
  if (error instanceof MixtureError) code += error.code;
}
console.log(JSON.stringify({
  streamed: streamed.nComponents, files: files.columns!.length,
  half: half.length, rate: rate.length, again: again.nComponents, waves: waves.family.name,
  backend: context.backend, device: device === undefined, code, steps: steps.length > 0,
  means: [...means].map((mean) => Math.round(mean)).sort((a, b) => a - b), labels: labels.length,
}));
context.dispose();
`;

/** A fit large enough for worker threads, on a context that nobody disposes of. */
const THREADED = `
import { createContext, GaussianMixture } from 'webgpu-em';

const samples = { data: new Float32Array(480_000), nSamples: 60_000, nFeatures: 8 };
samples.data.forEach((_, i, all) => (all[i] = Math.sin(i * i) + (i % 16 < 8 ? 0 : 3)));
const context = await createContext({ threads: 2 });
const mixture = await GaussianMixture.fit(samples, { nComponents: 2, seed: 1, maxIter: 5, tol: 0, context });
console.log(JSON.stringify({ threads: mixture.contextInfo.threads, iterations: mixture.nIter }));
`;

describe('the package, as npm packs it', () => {
  let folder: string;
  let installed: string;
  let packed: string[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'webgpu-em-consumer-'));
    installed = join(folder, 'node_modules', 'webgpu-em');
    // --ignore-scripts: dist/ has just been built (test/setup/build-package.ts).
    const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: root,
      // On Windows, npm is a script that only a shell can start.
      shell: process.platform === 'win32',
    });
    packed = (JSON.parse(stdout) as [{ files: { path: string }[] }])[0].files.map(({ path }) =>
      path.replaceAll('\\', '/'),
    );
    mkdirSync(installed, { recursive: true });
    for (const file of packed) cpSync(join(root, file), join(installed, file));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('holds the library, the command, the types and the licence, and no source', () => {
    expect(packed).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'dist/cli.js',
        'dist/index.d.ts',
        'dist/index.js',
        'package.json',
      ]),
    );
    expect(
      packed.filter((file) => !/^(dist\/|LICENSE$|README\.md$|package\.json$)/.test(file)),
    ).toEqual([]);
    expect(packed.filter((file) => file.endsWith('.wgsl'))).toEqual([]);
  });

  test('its library is one file that imports nothing, its readers one that imports that', () => {
    const code = readFileSync(join(installed, 'dist', 'index.js'), 'utf8');
    expect(
      code.match(/^\s*(import|export)\b[^;]*\bfrom\b.*$|\bimport\s*\(|\brequire\s*\(/gm),
    ).toBeNull();
    expect(packed.filter((file) => file.endsWith('.js')).sort()).toEqual([
      'dist/cli.js',
      'dist/index.js',
      'dist/io.js',
    ]);
    const io = readFileSync(join(installed, 'dist', 'io.js'), 'utf8');
    expect(io.match(/^\s*import\b.*$/gm)).toEqual(['import { MixtureError } from "./index.js";']);
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      dependencies?: unknown;
    };
    expect(dependencies).toBeUndefined();
  });

  test('its types ask for no package of types', () => {
    for (const file of packed.filter((name) => name.endsWith('.d.ts'))) {
      const text = readFileSync(join(installed, file), 'utf8');
      expect(text, file).not.toMatch(/@webgpu\/types|<reference|\bfrom ['"][^.]/);
    }
  });

  test('publint has nothing to say', async () => {
    const { messages, pkg } = await publint({
      pkgDir: installed,
      pack: false,
      level: 'suggestion',
      strict: true,
    });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  test.each(['nodenext', 'bundler'])(
    'a consumer compiles strictly without @webgpu/types and without skipLibCheck (%s)',
    async (moduleResolution) => {
      writeFileSync(join(folder, 'consumer.ts'), CONSUMER);
      writeFileSync(
        join(folder, 'tsconfig.json'),
        JSON.stringify({
          compilerOptions: {
            target: 'es2022',
            lib: ['es2022', 'dom', 'dom.asynciterable'],
            module: moduleResolution === 'bundler' ? 'esnext' : moduleResolution,
            moduleResolution,
            types: [],
            strict: true,
            exactOptionalPropertyTypes: true,
            skipLibCheck: false,
            outDir: 'out',
          },
          files: ['consumer.ts'],
        }),
      );
      const result = await run(process.execPath, [tsc, '-p', folder]).catch(
        (error: { stdout: string }) => error,
      );
      expect(result.stdout).toBe('');
    },
  );

  test('the compiled consumer runs in plain Node, without any GPU', async () => {
    const { stdout, stderr } = await run(process.execPath, [join(folder, 'out', 'consumer.js')]);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      streamed: 2,
      files: 2,
      half: 2,
      rate: 1,
      again: 1,
      waves: 'rayleigh',
      backend: 'cpu',
      device: true,
      // (an error of webgpu-em/io is the library's)
      code: 'NON_FINITEINVALID_SAMPLES',
      steps: true,
      means: [0, 9],
      labels: 6,
    });
  });

  test('worker threads come out of the one file, and do not keep Node alive', async () => {
    writeFileSync(join(folder, 'threaded.mjs'), THREADED);
    const { stdout, stderr } = await run(process.execPath, [join(folder, 'threaded.mjs')], {
      timeout: 60_000,
    });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({ threads: 2, iterations: 5 });
  });

  test("the page's program of a model runs on it, and prints the model", async () => {
    const rows = [0, 0.1, 0.2, 9, 9.1, 9.3];
    const settings = {
      covarianceType: 'full',
      initParams: 'k-means++',
      seed: 3,
      nInit: 2,
    } as const;
    const shown = await GaussianMixture.fit(
      rows.map((x) => [x]),
      { ...settings, nComponents: 2, tol: 1e-5, maxIter: 50 },
    );
    const code = programOf({
      data: {
        name: 'six',
        samples: { data: Float64Array.from(rows), nSamples: 6, nFeatures: 1 },
        featureNames: ['x'],
        columns: [],
        nMissing: 0,
        standardised: undefined,
        origin: { kind: 'built-in', id: 'six' },
        note: '',
        nComponents: 2,
        initParams: 'k-means++',
      },
      backend: 'cpu',
      settings: { ...settings, regCovar: 1e-6, tol: 1e-5, maxIter: 50 },
      mixture: shown,
      start: undefined,
      restart: 0,
      iterations: shown.nIter,
      isResult: true,
    });
    writeFileSync(join(folder, 'fit.mjs'), code);
    const { stdout, stderr } = await run(process.execPath, [join(folder, 'fit.mjs')]);
    expect(stderr).toBe('');
    expect(GaussianMixture.fromJSON(stdout).means).toEqual(shown.means);
  });

  test('the command starts and knows its version', async () => {
    const cli = join(installed, 'dist', 'cli.js');
    expect(readFileSync(cli, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    const { stdout } = await run(process.execPath, [cli, '--version']);
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(stdout.trim()).toBe(version);
  });
});
