import type { Column } from '../data/source-data.ts';

/** What the colour of a sample says. */
export type Colouring =
  /** Its most likely component. */
  | { readonly by: 'component' }
  /** Its responsibility of one component, 0 to 1. */
  | { readonly by: 'responsibility'; readonly component: number }
  /** Its uncertainty: -sum_k gamma_nk ln gamma_nk over ln K, 0 to 1. */
  | { readonly by: 'entropy' }
  /** A column of the source, fitted or not. */
  | { readonly by: 'column'; readonly column: Column };
