import { measureOwn, type OwnJob } from './own.ts';

/** For bench/peers/browser.mjs. */
Object.assign(globalThis, { measureOwn: (job: OwnJob) => measureOwn(job, {}) });
