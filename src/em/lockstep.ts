import { MixtureError } from '../errors.ts';
import type { Parameters } from '../families/family.ts';
import type { Responsibilities } from './responsibilities.ts';
import type { EStepResult, Seam } from './seam.ts';

interface Request {
  readonly list: readonly Parameters[];
  readonly signal: AbortSignal | undefined;
  readonly how: Responsibilities | undefined;
  readonly resolve: (results: EStepResult[]) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Several runs of EM over the same samples, each written as if it were alone, whose E-steps are made together: an E-step waits
 * until every run that is under way waits for one; then one `eSteps` of the seam serves all. So a device that 10,000 samples of
 * one model leave idle takes those of 64 models in nearly the same time.
 */
export class Lockstep {
  /** What the runs use in place of the seam. */
  readonly seam: Seam;
  readonly #seam: Seam;
  #running = 0;
  #waiting: Request[] = [];
  #turn: Promise<unknown> = Promise.resolve();

  constructor(seam: Seam) {
    this.#seam = seam;
    this.seam = {
      unitRoundoff: seam.unitRoundoff,
      rangeUnit: seam.rangeUnit,
      // (runs come to different batches at the same time: those are served one by one)
      eStep: async (parameters, signal, how, range) =>
        range
          ? this.#exclusive(() => seam.eStep(parameters, signal, how, range))
          : (await this.#request([parameters], signal, how))[0],
      eSteps: (list, signal, how) => this.#request(list, signal, how),
      measure: (...given) => this.#exclusive(() => seam.measure(...given)),
      scoreSamples: (...given) => this.#exclusive(() => seam.scoreSamples(...given)),
      predict: (...given) => this.#exclusive(() => seam.predict(...given)),
      forEachResponsibilities: (...given) =>
        this.#exclusive(() => seam.forEachResponsibilities(...given)),
      dispose: () => {},
    };
  }

  /**
   * Starts all tasks, which may use `seam`, and waits for all to end.
   * @throws what the first task that failed threw, once all have ended
   */
  async all<T>(tasks: readonly (() => Promise<T>)[]): Promise<T[]> {
    // counted before the first begins, so that none goes ahead alone
    this.#running += tasks.length;
    const settled = await Promise.allSettled(
      tasks.map(async (task) => {
        try {
          return await task();
        } finally {
          this.#running--;
          this.#flush();
        }
      }),
    );
    return settled.map((one) => {
      if (one.status === 'rejected') throw one.reason;
      return one.value;
    });
  }

  #request(
    list: readonly Parameters[],
    signal: AbortSignal | undefined,
    how: Responsibilities | undefined,
  ): Promise<EStepResult[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ list, signal, how, resolve, reject });
      this.#flush();
    });
  }

  /** Serves the requests once everybody waits. */
  #flush(): void {
    if (this.#waiting.length === 0 || this.#waiting.length < this.#running) return;
    const requests = this.#waiting;
    this.#waiting = [];
    const kinds = new Map<string, Request[]>();
    for (const request of requests) {
      const { assignment, inverseTemperature } = request.how ?? {};
      const kind = `${assignment} ${inverseTemperature}`;
      kinds.set(kind, [...(kinds.get(kind) ?? []), request]);
    }
    for (const alike of kinds.values()) void this.#exclusive(() => this.#serve(alike));
  }

  async #serve(requests: readonly Request[]): Promise<void> {
    const { signal, how } = requests[0];
    try {
      const results = await this.#seam.eSteps(
        requests.flatMap(({ list }) => list),
        signal,
        how,
      );
      let at = 0;
      for (const { list, resolve } of requests) resolve(results.slice(at, (at += list.length)));
    } catch (error) {
      const everyones = error instanceof MixtureError && error.code === 'SOURCE_FAILED';
      if (requests.length === 1 || everyones) {
        for (const { reject } of requests) reject(error);
      }
      // one model's fault is not the others'
      else for (const request of requests) await this.#serve([request]);
    }
  }

  /** One call of the seam at a time: its buffers serve one. */
  #exclusive<T>(call: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(call);
    this.#turn = result.catch(() => {});
    return result;
  }
}
