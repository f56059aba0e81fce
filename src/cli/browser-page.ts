import type { Context } from '../index.ts';
import type { JobArray, Job, Library, Progress } from './job.ts';

/** What the page is asked to do; the arrays come apart, as bytes. */
export interface PageTask {
  readonly settings: unknown;
  /** Names of the arrays with their types. */
  readonly arrays: Readonly<Record<string, ArrayType>>;
  readonly wantProgress: boolean;
}

export type ArrayType = 'Float64Array' | 'Float32Array' | 'Int32Array' | 'Uint32Array';

export const ARRAY_TYPES = { Float64Array, Float32Array, Int32Array, Uint32Array };

/** An error on its way out of the page. */
export interface PageFailure {
  readonly code: string | undefined;
  readonly message: string;
  readonly hint: string | undefined;
  readonly details: Record<string, unknown> | undefined;
}

/** The page's whole document. */
export const PAGE_HTML =
  '<!doctype html><meta charset="utf-8"><title>webgpu-em</title>' +
  '<script type="module" src="page.js"></script>';

/** The page's script: the library, the job and what runs it, all as text. */
export function pageScript<Settings, Report>(job: Job<Settings, Report>): string {
  return `import * as library from './index.js';\n(${runInPage.toString()})(library, ${job.toString()});\n`;
}

/**
 * Runs in the page: fetches the task, does it on WebGPU and posts what comes of it. Sent as text, so
 * that it may use nothing of this module but its arguments.
 */
async function runInPage(library: Library, job: Job<unknown, unknown>): Promise<void> {
  const post = (path: string, body: BodyInit) => fetch(path, { method: 'POST', body });
  const types = { Float64Array, Float32Array, Int32Array, Uint32Array };
  let context: Context | undefined;
  try {
    const task = (await (await fetch('task.json')).json()) as PageTask;
    const arrays: Record<string, JobArray> = {};
    for (const [name, type] of Object.entries(task.arrays)) {
      arrays[name] = new types[type](await (await fetch(`arrays/${name}`)).arrayBuffer());
    }
    context = await library.createContext({ backend: 'webgpu' });
    let isPosting = false;
    const onProgress = (progress: Progress) => {
      // Skipped rather than queued where iterations are faster than requests.
      if (isPosting) return;
      isPosting = true;
      void post('progress', JSON.stringify(progress)).finally(() => (isPosting = false));
    };
    const control = task.wantProgress ? { onProgress } : {};
    const input = { settings: task.settings, arrays };
    const outcome = await job(library, context, input, control);
    for (const [name, array] of Object.entries(outcome.arrays)) {
      await post(`${array.constructor.name}/${name}`, array as Int32Array<ArrayBuffer>);
    }
    await post('report', JSON.stringify(outcome.report));
  } catch (error) {
    const { code, message, hint, details } = error as Partial<PageFailure>;
    // Of the details what is JSON: never a mixture, or an array as long as the samples.
    const plain = Object.entries(details ?? {}).filter(([, value]) => typeof value !== 'object');
    const failure = { code, message, hint, details: Object.fromEntries(plain) };
    await post('failure', JSON.stringify(failure));
  } finally {
    context?.dispose();
  }
}
