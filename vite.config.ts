import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import type { Connect, Plugin, UserConfig } from 'vite';
import { defineConfig } from 'vitest/config';
import { inlineKernels } from './kernels/plugin.ts';
import { chromiumFlags, findChromium } from './src/cli/find-chromium.ts';

/**
 * One configuration, six uses, told apart by `--mode`:
 * `library` builds dist/index.js, `io` dist/io.js, `command` dist/cli.js, `sources` is what a bench runs or bundles the sources by;
 * any other mode serves, builds or tests the page and the sources as they are.
 */
export default defineConfig(({ mode }) => {
  if (mode === 'library') return libraryBuild;
  if (mode === 'io') return ioBuild;
  if (mode === 'command') return commandBuild;
  if (mode === 'sources') return { plugins: sourcePlugins(), publicDir: false };
  return page;
});

/** What the library's own sources need, wherever they are built. */
function sourcePlugins(): Plugin[] {
  return [stripWgslComments(), inlineKernels()];
}

/** One ESM file with the WGSL inside and nothing to import. */
const libraryBuild: UserConfig = {
  plugins: [...sourcePlugins(), addExample()],
  publicDir: false,
  build: {
    target: 'es2022',
    outDir: 'dist',
    minify: false,
    sourcemap: true,
    lib: { entry: 'src/index.ts', formats: ['es'], fileName: () => 'index.js' },
    // What the sources fetch when it is needed, for the page's sake, is inside as well.
    rolldownOptions: { output: { codeSplitting: false } },
  },
};

/** Readers of files. One ESM file that imports the library's errors, and optional packages when a file needs them. */
const ioBuild: UserConfig = {
  plugins: [importBuiltLibrary()],
  publicDir: false,
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: false,
    minify: false,
    sourcemap: true,
    lib: { entry: 'src/io/index.ts', formats: ['es'], fileName: () => 'io.js' },
    rolldownOptions: {
      external: ['hyparquet', '@uwdata/flechette', /^node:/],
      output: { codeSplitting: false },
    },
  },
};

/** The command for Node. It imports the library from its neighbour dist/index.js, optional packages when asked for. */
const commandBuild: UserConfig = {
  plugins: [importBuiltLibrary()],
  publicDir: false,
  build: {
    target: 'node20',
    outDir: 'dist',
    emptyOutDir: false,
    minify: false,
    sourcemap: false,
    lib: { entry: 'src/cli/main.ts', formats: ['es'], fileName: () => 'cli.js' },
    rolldownOptions: {
      external: ['webgpu', 'playwright-core', /^node:/, ...builtinModules],
      output: { codeSplitting: false },
    },
  },
};

const BROWSER_TESTS = 'test/**/*.browser.test.ts';
/** Tests of what is in dist/, which is built before them. */
const PACKAGE_TESTS = [
  'test/package.test.ts',
  'test/docs/{cdn,start}.test.ts',
  'test/cli/**/*.test.ts',
];

/**
 * All projects at once. The browser's page keeps somewhat more than one core busy (SwiftShader compiles on one thread), the tests in
 * Node one for each core but one: on two cores 1,181 s, where one project after the other took 1,531 with 29 files fewer.
 */
const BESIDE = { groupOrder: 1 };
/** What looks at how long the page's thread is held up: with the machine to itself. */
const AFTERWARDS = { groupOrder: 2 };
const QUIET_TESTS = 'test/responsive.browser.test.ts';
/** Tests of packages that test/firefox has of its own. */
const FOREIGN_TESTS = '**/node_modules/**';

/**
 * What the pages run of the library, in two chunks of their own: finding a device, which is all that /bench asks of it outside its
 * worker, and Gaussian mixtures. Bernoulli's family goes with /digits; what is fetched when it is asked for keeps to itself.
 */
const LIBRARY_CHUNKS = [
  { name: 'context', priority: 2, test: /\/src\/(errors|gpu\/)/, tags: ['$initial' as const] },
  {
    name: 'library',
    priority: 1,
    test: /\/(src\/(?!app\/|io\/)|shaders\/)(?!.*(bernoulli|beta-prior|exponential|tilt|device-loops))/,
    tags: ['$initial' as const],
  },
];

/** The pages at index.html, digits/index.html and bench/index.html, and the tests. */
const page = {
  // Relative, so that the built pages work in any folder of any server.
  base: './',
  plugins: [...sourcePlugins(), sharedHtml(), slashAfterFolders()],
  worker: { format: 'es' as const, plugins: sourcePlugins },
  build: {
    outDir: 'dist-page',
    target: 'es2022',
    rolldownOptions: {
      input: ['index.html', 'digits/index.html', 'bench/index.html', 'learn/index.html'],
      output: { codeSplitting: { groups: LIBRARY_CHUNKS } },
    },
  },
  test: {
    // SwiftShader on two cores takes seconds for what a GPU does in milliseconds, and ten times as long beside two other projects:
    // the longest tests of a page are 10 s alone.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    teardownTimeout: 20_000,
    // A second, the default, is short for a page that shares two cores with two other projects.
    expect: { poll: { timeout: 60_000 } },
    reporters: ['default' as const],
    projects: [
      {
        extends: true as const,
        test: {
          name: 'node',
          sequence: BESIDE,
          include: ['test/**/*.test.ts'],
          exclude: [BROWSER_TESTS, ...PACKAGE_TESTS, FOREIGN_TESTS],
          globalSetup: ['test/setup/build-page.ts'],
          // Native add-ons such as Dawn for Node crash in worker threads.
          pool: 'forks' as const,
        },
      },
      {
        extends: true as const,
        test: {
          name: 'package',
          sequence: BESIDE,
          include: PACKAGE_TESTS,
          exclude: [BROWSER_TESTS, FOREIGN_TESTS],
          globalSetup: ['test/setup/build-package.ts'],
          pool: 'forks' as const,
        },
      },
      browserProject('browser', BESIDE, [BROWSER_TESTS], [QUIET_TESTS]),
      browserProject('quiet', AFTERWARDS, [QUIET_TESTS], []),
    ],
  },
};

/** Tests in a browser's page: one page for all files, one file at a time, as there is one adapter. */
function browserProject(
  name: string,
  sequence: { groupOrder: number },
  include: string[],
  exclude: string[],
) {
  return {
    extends: true as const,
    // Found late, it would make Vite reload the page between two test files.
    optimizeDeps: { include: ['fast-check'] },
    test: {
      name,
      sequence,
      include,
      exclude: [...exclude, FOREIGN_TESTS],
      isolate: false,
      browser: {
        enabled: true,
        headless: true,
        fileParallelism: false,
        screenshotFailures: false,
        provider: playwright({ launchOptions: chromiumLaunch() }),
        instances: [{ browser: 'chromium' as const }],
      },
    },
  };
}

/**
 * The browser that the tests run on: see test/setup/run.mjs, which installs one where there is none.
 * `WEBGPU_EM_ADAPTER=hardware` runs them on the machine's GPU in place of SwiftShader.
 */
function chromiumLaunch() {
  const adapter = process.env['WEBGPU_EM_ADAPTER'] === 'hardware' ? 'hardware' : 'software';
  const args = chromiumFlags(adapter);
  // Only the tests need a browser: `npm start` and `npm run build` work without.
  const found = process.env['VITEST'] === undefined ? undefined : findChromium();
  // Without a path, Playwright looks for its own full build and says how to install it.
  // (Its default, the headless shell, has no WebGPU.)
  return found === undefined
    ? { channel: 'chromium', args }
    : { executablePath: found.executablePath, args };
}

/** Leaves comments and indentation out of inlined WGSL; lines stay, so that compiler messages keep their line numbers. */
function stripWgslComments(): Plugin {
  return {
    name: 'strip-wgsl-comments',
    apply: 'build',
    enforce: 'pre',
    async load(id) {
      const [file, query] = id.split('?');
      if (file === undefined || query !== 'raw' || !file.endsWith('.wgsl')) return undefined;
      this.addWatchFile(file);
      const code = await this.fs.readFile(file, { encoding: 'utf8' });
      const stripped = code.replace(/\/\/.*$/gm, '').replace(/^[ \t]+|[ \t]+$/gm, '');
      return { code: `export default ${JSON.stringify(stripped)};`, moduleSideEffects: false };
    },
  };
}

/** The file that docs/start.md fits, beside the library: 3 KB, so that nothing has to be found first. */
function addExample(): Plugin {
  return {
    name: 'add-example',
    async generateBundle() {
      const file = fileURLToPath(new URL('src/app/data/faithful.csv', import.meta.url));
      this.emitFile({ type: 'asset', fileName: 'faithful.csv', source: await readFile(file) });
    },
  };
}

/** Puts what all pages share where they say `<!-- head -->`, `<!-- masthead -->` and `<!-- problem -->`, links relative to the page's folder. */
function sharedHtml(): Plugin {
  const part = (name: string) =>
    readFile(fileURLToPath(new URL(`src/app/shared/${name}.html`, import.meta.url)), 'utf8');
  return {
    name: 'shared-html',
    transformIndexHtml: {
      order: 'pre',
      async handler(html, { path }) {
        const [head, problem] = await Promise.all([part('head'), part('problem')]);
        const folder = path.replace(/[^/]*$/, '');
        const root = folder === '/' ? './' : '../';
        const here = folder === '/' ? './' : `..${folder}`;
        const masthead = (await part('masthead'))
          .replaceAll('%ROOT%', root)
          .replace(`<a href="${here}"`, `<a href="${here}" aria-current="page"`);
        return html
          .replace('<!-- head -->', () => head)
          .replace('<!-- masthead -->', () => masthead)
          .replace('<!-- problem -->', () => problem);
      },
    },
  };
}

/** Where the pages are served and the documentation was not built. */
const WITHOUT_DOCS = `<!doctype html><html lang="en"><title>webgpu-em: documentation</title>
<p><code>npm run docs</code> builds the documentation and serves it beside the pages; its text is in the folder docs of the repository.</p>
<p><a href="../">Back to the pages</a></p></html>`;

const FOLDERS = new Set(['/digits', '/bench', '/learn', '/docs']);

/** Sends /digits to /digits/ and the like, as servers of files do: Vite's own would give the page at index.html for them. */
function slashAfterFolders(): Plugin {
  const redirect: Connect.NextHandleFunction = (request, response, next) => {
    const [path, query] = (request.url ?? '').split('?');
    if (path === '/docs/' && !existsSync(new URL('dist-page/docs/index.html', import.meta.url))) {
      response.setHeader('content-type', 'text/html');
      return response.end(WITHOUT_DOCS);
    }
    if (!FOLDERS.has(path)) return next();
    response.writeHead(302, { location: query === undefined ? `${path}/` : `${path}/?${query}` });
    response.end();
  };
  return {
    name: 'slash-after-folders',
    configureServer: ({ middlewares }) => void middlewares.use(redirect),
    configurePreviewServer: ({ middlewares }) => void middlewares.use(redirect),
  };
}

/**
 * Points the command's imports of the library at dist/index.js beside it, so that the library is in the
 * package once and an error is an instance of the same class on both sides.
 */
function importBuiltLibrary(): Plugin {
  const inLibrary = /\/src\/(index|errors)\.ts$/;
  return {
    name: 'import-built-library',
    enforce: 'pre',
    async resolveId(source, importer) {
      if (importer === undefined) return undefined;
      const resolved = await this.resolve(source, importer, { skipSelf: true });
      return resolved !== null && inLibrary.test(resolved.id)
        ? { id: './index.js', external: true }
        : undefined;
    },
  };
}
