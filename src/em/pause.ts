export { atOnce, inTurns, mapInTurns, nextTurn, pacer, type Steps } from '../data/pause.ts';
