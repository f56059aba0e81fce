import { spread, type Spread } from '../statistics.ts';

/** Milliseconds of one dispatch, so that no driver thinks it hangs, and of one sample, so that the clock's steps do not show. */
const DISPATCH = 5;
const SAMPLE = 40;
/** A sample is so many times the way to the device and back, which is in it, but no longer than `LONGEST`. */
const LATENCIES = 40;
const LONGEST = 400;
const REPETITIONS = 9;
const MOST_DISPATCHES = 256;

/** Times dispatches by the wall clock, from their submit to the end of their work: no adapter need have timestamps. */
export class Stopwatch {
  /** Milliseconds that a dispatch should take. */
  readonly dispatch: number;
  readonly #sample: number;
  readonly #repetitions: number;
  readonly #device: GPUDevice;

  /** @param latency seconds from a submit to its result */
  constructor(device: GPUDevice, latency: number, quick: boolean) {
    this.#device = device;
    this.dispatch = quick ? 1 : DISPATCH + 1000 * latency;
    this.#sample = quick ? 2 : Math.max(SAMPLE, Math.min(LONGEST, LATENCIES * 1000 * latency));
    this.#repetitions = quick ? 3 : REPETITIONS;
  }

  /** Milliseconds of so many equal dispatches in one submit. */
  async time(
    pipeline: GPUComputePipeline,
    bindGroup: GPUBindGroup,
    groups: number,
    dispatches: number,
  ): Promise<number> {
    const encoder = this.#device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindGroup);
    for (let i = 0; i < dispatches; i++) pass.dispatchWorkgroups(groups);
    pass.end();
    const commands = encoder.finish();
    const started = performance.now();
    this.#device.queue.submit([commands]);
    await this.#device.queue.onSubmittedWorkDone();
    return performance.now() - started;
  }

  /** What a second holds of what one dispatch does `amount` of, over several samples after a warm-up. */
  async rate(
    pipeline: GPUComputePipeline,
    bindGroup: GPUBindGroup,
    groups: number,
    amount: number,
  ): Promise<Spread> {
    const run = (dispatches: number) => this.time(pipeline, bindGroup, groups, dispatches);
    // the first few raise a sleeping device's clock; doubled, since one dispatch alone is mostly latency
    let dispatches = 1;
    while (dispatches < MOST_DISPATCHES && (await run(dispatches)) < this.#sample) dispatches *= 2;
    const rates: number[] = [];
    for (let r = 0; r < this.#repetitions; r++) {
      const milliseconds = await run(dispatches);
      rates.push((1000 * amount * dispatches) / milliseconds);
    }
    return spread(rates);
  }
}
