import type { BenchShape } from '../shapes.ts';

/** What a program answers, judged. */
export interface PeerAnswer {
  readonly peer: string;
  /** Why there is nothing else. */
  readonly error?: string;
  /** The error is that it is not installed, or no such model or device. */
  readonly absent?: boolean;
  readonly version?: string;
  readonly precision?: 'float32' | 'float64';
  readonly threads?: number;
  readonly device?: string;
  readonly note?: string;
  /** An entry a repetition; none where it is wrong. */
  readonly secondsPerIteration?: readonly number[];
  readonly compileSeconds?: number;
  readonly lowerBound?: number;
  /** Under the parameters after so many M-steps. */
  readonly lowerBoundIndex?: number;
  readonly expected?: number;
  readonly difference?: number;
  readonly right?: boolean;
  readonly peakBytes?: number;
  readonly peakDeviceBytes?: number;
}

/** A program: a Python script of this folder, a name that program.ts knows, or a command of its own. */
export interface Peer {
  readonly name: string;
  readonly models: readonly BenchShape['model'][];
  readonly words: readonly string[];
  readonly script?: string;
  readonly program?: string;
  readonly command?: readonly string[];
  readonly gpu?: boolean;
  readonly largest?: number;
}

export interface RunPeersOptions {
  readonly folder: string;
  readonly repetitions?: number;
  readonly threads?: number;
  readonly which?: readonly string[] | undefined;
  readonly gpu?: boolean;
  readonly seconds?: number;
  readonly rounds?: number;
  readonly peers?: readonly Peer[];
  readonly log?: (line: string) => void;
}

export const MOST_DIFFERENCE: number;
export function runPeers(options: RunPeersOptions): Promise<PeerAnswer[]>;
