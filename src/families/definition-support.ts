import { statisticsAt } from './definition-numbers.ts';
import { invalid, type FamilyDefinition } from './family-definition.ts';
import type { Support } from './family.ts';

/** The library's form of a support: a value has density where it lies inside and h(x) is not 0. */
export function supportOf(definition: FamilyDefinition): Support {
  const { name, support, logBaseMeasure, neutral } = definition;
  const { kind, from, to } = support;
  const has = (value: number): boolean =>
    value >= from &&
    value <= to &&
    Number.isFinite(value) &&
    (kind === 'interval' || Number.isSafeInteger(value)) &&
    (logBaseMeasure === undefined || Number.isFinite(logBaseMeasure(value)));
  const finite = (value: number): boolean =>
    has(value) &&
    Array.from(statisticsAt(definition, value)).every((t) => Number.isFinite(Math.fround(t)));
  const candidates = [from, from + 1, to - 1, 0, 1, from + (to - from) / 2, to];
  const example = candidates.find(finite);
  if (example === undefined) {
    throw invalid(
      name,
      `no value of its support has ${neutral.length} finite statistics and a finite ln h`,
      'Check support, sufficientStatistics and logBaseMeasure.',
    );
  }
  const inside =
    from === -Infinity && to === Infinity
      ? ''
      : ` from ${from} to ${to === Infinity ? 'infinity' : to}`;
  const where = logBaseMeasure === undefined ? '' : ' where h(x) is above 0';
  return {
    description: `the ${kind === 'integers' ? 'whole' : 'finite'} numbers${inside}${where}`,
    has,
    example,
  };
}
