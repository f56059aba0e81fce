import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shapeName, type BenchShape } from '../shapes.ts';
import { iterationsFor, writeProblem } from './problem.ts';
import { runPeers, type PeerAnswer } from './run-peers.mjs';

/** Every peer that is here at one shape, on a problem written for it and removed. GPUs are used where they are. */
export async function peersAt(shape: BenchShape, repetitions: number): Promise<PeerAnswer[]> {
  const folder = mkdtempSync(join(tmpdir(), `webgpu-em-${shapeName(shape)}-`));
  try {
    await writeProblem(folder, shape, { iterations: iterationsFor(shape, false) });
    return await runPeers({ folder, repetitions });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
