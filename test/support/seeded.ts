import { configureGlobal } from 'fast-check';

/**
 * Tries the properties of a test file on the same cases in every run, so that a run fails by what was changed and not by chance.
 * `WEBGPU_EM_SEED=7 npx vitest run --project=node test/properties.test.ts` tries others.
 */
export function sameCases(): void {
  const asked = typeof process === 'undefined' ? undefined : process.env['WEBGPU_EM_SEED'];
  configureGlobal({ seed: Number(asked ?? 1) });
}
