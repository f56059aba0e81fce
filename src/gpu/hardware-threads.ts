/** More is taken for a mistake. */
export const MOST_THREADS = 256;

/** Threads that run at the same time here: 1 where nothing says so. */
export function hardwareThreads(): number {
  const { navigator, process } = globalThis as {
    navigator?: { hardwareConcurrency?: number };
    process?: typeof import('node:process');
  };
  const most =
    navigator?.hardwareConcurrency ?? process?.getBuiltinModule?.('node:os').availableParallelism();
  return Math.min(MOST_THREADS, Math.max(1, most ?? 1));
}
