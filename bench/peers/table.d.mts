import type { Peer } from './run-peers.mjs';

export const PEERS: readonly Peer[];
export const OWN: readonly Peer[];
