/** The families of docs/own-family.md, and what the page says of them. */
export { fitHours } from '../../docs/own-family/hours.ts';
export { rayleigh } from '../../docs/own-family/rayleigh.ts';
export { vonMises } from '../../docs/own-family/von-mises.ts';
export { fitWaves } from '../../docs/own-family/waves.ts';
