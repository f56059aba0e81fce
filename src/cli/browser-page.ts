import type { Context } from '../index.ts';
import type { FitOptions, Library, Progress, runFit, runPredict } from './jobs.ts';

/** What the page is asked to do; the samples come apart, as float64 bytes. */
export type PageJob = { readonly nSamples: number; readonly nFeatures: number } & (
  | { readonly kind: 'fit'; readonly options: FitOptions; readonly wantProgress: boolean }
  | { readonly kind: 'predict'; readonly model: unknown; readonly wantProbabilities: boolean }
);

/** An error on its way out of the page. */
export interface PageFailure {
  readonly code: string | undefined;
  readonly message: string;
  readonly hint: string | undefined;
}

/** The page's whole document. */
export const PAGE_HTML =
  '<!doctype html><meta charset="utf-8"><title>webgpu-em</title>' +
  '<script type="module" src="page.js"></script>';

/** The page's script: the library, the jobs and what runs them, all as text. */
export function pageScript(fit: typeof runFit, predict: typeof runPredict): string {
  return `import * as library from './index.js';\n(${runInPage.toString()})(library, ${fit.toString()}, ${predict.toString()});\n`;
}

/**
 * Runs in the page: fetches the job, does it on WebGPU and posts what comes of it. Sent as text, so
 * that it may use nothing of this module but its arguments.
 */
async function runInPage(
  library: Library,
  fit: typeof runFit,
  predict: typeof runPredict,
): Promise<void> {
  const post = (path: string, body: BodyInit) => fetch(path, { method: 'POST', body });
  let context: Context | undefined;
  try {
    const job = (await (await fetch('job.json')).json()) as PageJob;
    const data = new Float64Array(await (await fetch('samples')).arrayBuffer());
    const samples = { data, nSamples: job.nSamples, nFeatures: job.nFeatures };
    context = await library.createContext({ backend: 'webgpu' });
    let isPosting = false;
    const onProgress = (progress: Progress) => {
      // Skipped rather than queued where iterations are faster than requests.
      if (isPosting) return;
      isPosting = true;
      void post('progress', JSON.stringify(progress)).finally(() => (isPosting = false));
    };
    const { labels, probabilities, report } =
      job.kind === 'fit'
        ? {
            ...(await fit(
              library,
              context,
              samples,
              job.options,
              job.wantProgress ? { onProgress } : {},
            )),
            probabilities: undefined,
          }
        : await predict(library, context, samples, job.model, job.wantProbabilities, {});
    await post('labels', labels as Int32Array<ArrayBuffer>);
    if (probabilities) await post('probabilities', probabilities as Float32Array<ArrayBuffer>);
    await post('report', JSON.stringify(report));
  } catch (error) {
    const { code, message, hint } = error as { code?: string; message: string; hint?: string };
    await post('failure', JSON.stringify({ code, message, hint }));
  } finally {
    context?.dispose();
  }
}
