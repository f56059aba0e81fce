import type { DataPanel } from './data/data-panel.ts';
import { explained } from './fit/explained.ts';
import type { FitSession } from './fit/fit-session.ts';
import { element } from './shared/elements.ts';
import type { Explanation } from './shared/problem-panel.ts';

/** Puts errors into the words of this page, and offers what it can do about them. */
export function explaining(
  session: FitSession,
  panel: DataPanel,
): (error: unknown) => Explanation | undefined {
  const remedies = {
    leaveOut: (column: string) => panel.leaveOut(column),
    standardise: () => panel.standardise(),
    setComponents: (nComponents: number) => session.configure({ ...session.settings, nComponents }),
    showAdded() {
      element('more-settings', HTMLDetailsElement).open = true;
      const field = element('reg-covar', HTMLInputElement);
      field.focus();
      field.select();
    },
  };
  return (error) =>
    explained(
      error,
      {
        settings: session.settings,
        featureNames: session.data?.featureNames ?? [],
        constant: session.dataset?.constantColumns ?? [],
        hasColumns: panel.choice !== undefined,
        isStandardised: session.data?.standardised !== undefined,
      },
      remedies,
    );
}
