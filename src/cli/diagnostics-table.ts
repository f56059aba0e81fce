import type { Diagnostics } from '../index.ts';
import { significant, textTable } from './text.ts';

/** What --diagnose adds to the summary. */
export function diagnosticsTable({
  components,
  ambiguousBelow,
  ambiguousShare,
  normalisedEntropy,
  effectiveComponents,
}: Diagnostics): string {
  const facts = [
    [
      'Ambiguous',
      `${percent(ambiguousShare)} of the samples (largest responsibility below ${ambiguousBelow})`,
    ],
    ['Entropy', `${significant(normalisedEntropy)} (0 components are apart, 1 they are one)`],
    ['Effective', `${significant(effectiveComponents)} of ${components.length} components`],
  ];
  const isGaussian = components.some(({ covariance }) => covariance);
  const eigenvalues = ['smallest eigenvalue', 'condition number'];
  const header = [
    'component',
    'mass',
    'ambiguous',
    'entropy',
    'heaviest sample',
    ...(isGaussian ? eigenvalues : []),
  ];
  const rows = components.map((component, k) => [
    String(k),
    significant(component.mass),
    percent(component.ambiguousShare),
    significant(component.meanEntropy),
    percent(component.heaviestShare),
    ...(component.covariance
      ? [
          significant(component.covariance.smallestEigenvalue),
          // (JSON, from the browser, has no Infinity)
          significant(component.covariance.conditionNumber ?? Infinity),
        ]
      : []),
  ]);
  const table = textTable(
    [header, ...rows],
    header.map(() => 'right'),
  );
  return `${textTable(facts, ['left', 'left'])}\n${table}`;
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;
