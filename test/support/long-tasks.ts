/** A stretch of the main thread without a turn of its event loop. */
export interface LongTask {
  /** Milliseconds. */
  readonly duration: number;
  readonly startTime: number;
}

/**
 * Watches the main thread while `work` runs. The browser itself reports tasks of over 50 ms (Long Tasks API); beside it, a timer
 * that should fire every 5 ms tells how late it came.
 */
export async function watchMainThread<T>(
  work: () => Promise<T>,
): Promise<{ result: T; longTasks: LongTask[]; longestGap: number; milliseconds: number }> {
  if (!PerformanceObserver.supportedEntryTypes.includes('longtask')) {
    throw new Error('This browser reports no long tasks.');
  }
  const longTasks: LongTask[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { duration, startTime } of list.getEntries())
      longTasks.push({ duration, startTime });
  });
  observer.observe({ type: 'longtask' });
  let longestGap = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longestGap = Math.max(longestGap, now - last);
    last = now;
  }, 5);
  try {
    // a task of its own: what the test did before is not the work's
    await aTurn();
    longTasks.length = 0;
    longestGap = 0;
    last = performance.now();
    const started = performance.now();
    const result = await work();
    const milliseconds = performance.now() - started;
    // entries come some time after their task
    await aTurn(100);
    return { result, longTasks, longestGap, milliseconds };
  } finally {
    clearInterval(timer);
    observer.disconnect();
  }
}

const aTurn = (milliseconds = 20): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
