import type { PeerAnswer } from './run-peers.mjs';

export interface RunProgramOptions {
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** After so long it is ended. */
  readonly seconds: number;
  /** Resident bytes, its children's too, at which it is ended; default: 70 % of the machine's. */
  readonly memory?: number;
}

/** What the program printed as JSON, or `{ error }`: absent, ended for time or memory, failed, or no JSON. */
export function runProgram(
  command: readonly string[],
  options: RunProgramOptions,
): Promise<Omit<PeerAnswer, 'peer'>>;
