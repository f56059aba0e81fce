import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machine } from '../kit/machine.mjs';
import { shapeName, type BenchShape } from '../shapes.ts';
import { iterationsFor, writeProblem } from './problem.ts';
import { runPeers, type PeerAnswer } from './run-peers.mjs';

/** Every peer that is here at one shape, on a problem written for it and removed; on NVIDIA's GPU where there is one. */
export async function peersAt(shape: BenchShape, repetitions: number): Promise<PeerAnswer[]> {
  const folder = mkdtempSync(join(tmpdir(), `webgpu-em-${shapeName(shape)}-`));
  try {
    const gpu = Array.isArray(machine().nvidia);
    await writeProblem(folder, shape, { iterations: iterationsFor(shape, gpu) });
    return await runPeers({ folder, repetitions, gpu });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
