/** The families that `fit` takes, as their options name them. */
export const FAMILIES = [
  'gaussian',
  'bernoulli',
  'categorical',
  'multinomial',
  'poisson',
  'exponential',
  'geometric',
] as const;

export type FamilyName = (typeof FAMILIES)[number];

/** How a sentence calls a mixture: "2 components, Poisson". */
export const FAMILY_LABELS: Readonly<Record<FamilyName, string>> = {
  gaussian: 'Gaussian',
  bernoulli: 'Bernoulli',
  categorical: 'categorical',
  multinomial: 'multinomial',
  poisson: 'Poisson',
  exponential: 'exponential',
  geometric: 'geometric',
};
