import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';

const root = fileURLToPath(new URL('../', import.meta.url));
const cache = `${root}node_modules/.cache/webgpu-em`;

const VIRTUAL: Readonly<Record<string, () => Promise<string>>> = {
  'virtual:kernels': once(async () => {
    const [plain, relaxed] = await Promise.all([compile(false), compile(true)]);
    return `export const plain = '${plain}';\nexport const relaxed = '${relaxed}';\n`;
  }),
  'virtual:worker': once(
    async () => `export const text = ${JSON.stringify(await bundleWorker())};\n`,
  ),
};

/** `virtual:kernels` and `virtual:worker`: see src/virtual.d.ts. */
export function inlineKernels(): Plugin {
  return {
    name: 'inline-kernels',
    resolveId: (id) => (id in VIRTUAL ? `\0${id}` : undefined),
    load: (id) => VIRTUAL[id.slice(1)]?.(),
  };
}

/** What is used of AssemblyScript's compiler. */
interface Compiler {
  readonly version: string;
  main(
    words: readonly string[],
    io: {
      stderr: { write(text: string | Uint8Array): void };
      readFile(name: string): string | null;
      writeFile(name: string, contents: string | Uint8Array): void;
    },
  ): Promise<{ error: Error | null }>;
}

/**
 * AssemblyScript to WebAssembly, base64. It takes three seconds, so the result is kept until a source or the compiler changes.
 * @param relaxed with fused multiply-adds, which not every engine has
 */
async function compile(relaxed: boolean): Promise<string> {
  // In a variable: its types bring globals of AssemblyScript with them, which are not those of TypeScript.
  const name: string = 'assemblyscript/asc';
  const { default: asc } = (await import(/* @vite-ignore */ name)) as { default: Compiler };
  const folder = `${root}kernels`;
  const names = (await readdir(folder)).filter((name) => name.endsWith('.as.ts')).sort();
  const texts = await Promise.all(names.map((name) => readFile(`${folder}/${name}`, 'utf8')));
  const sources = new Map(names.map((name, i) => [name, texts[i]]));
  const key = createHash('sha256')
    .update(JSON.stringify([asc.version, relaxed, ...sources]))
    .digest('hex');
  const kept = `${cache}/${key}.txt`;
  try {
    return await readFile(kept, 'utf8');
  } catch {
    // not compiled yet
  }
  let bytes: Uint8Array | undefined;
  let complaints = '';
  const flags = '-O3 --noAssert --runtime stub --enable simd --outFile kernels.wasm';
  const { error } = await asc.main(
    [
      'index.as.ts',
      ...flags.split(' '),
      ...(relaxed ? ['--enable', 'relaxed-simd'] : []),
      '--use',
      `RELAXED=${relaxed ? 1 : 0}`,
    ],
    {
      stderr: { write: (text) => void (complaints += String(text)) },
      readFile: (name) => sources.get(name) ?? null,
      writeFile: (_name, contents) => {
        if (contents instanceof Uint8Array) bytes = contents;
      },
    },
  );
  if (error || !bytes) throw new Error(`The kernels do not compile:\n${complaints}`);
  const text = Buffer.from(bytes).toString('base64');
  await mkdir(cache, { recursive: true });
  await writeFile(`${kept}.${process.pid}`, text);
  await rename(`${kept}.${process.pid}`, kept);
  return text;
}

/** One classic script: Blob workers and Node's `eval: true` both take it. */
async function bundleWorker(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    root,
    build: {
      target: 'es2022',
      write: false,
      minify: true,
      lib: { entry: 'src/cpu/worker.ts', formats: ['iife'], name: 'worker' },
    },
  });
  const [{ output }] = built as unknown as [{ output: [{ code: string }] }];
  return output[0].code;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
