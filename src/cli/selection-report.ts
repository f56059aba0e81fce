import type { CandidateReport, SelectionReport } from './fit-job.ts';
import { counted, textTable } from './text.ts';

/** The mixtures that were compared, the best marked. */
export function selectionTable({ criterion, best, candidates }: SelectionReport): string {
  const hasTypes = candidates.some(({ covarianceType }) => covarianceType !== null);
  const rows = candidates.map((row, index) => [
    index === best ? 'best' : '',
    String(row.nComponents),
    ...(hasTypes ? [row.covarianceType ?? ''] : []),
    row.nParameters === null ? '' : String(row.nParameters),
    ...[row.logLikelihood, row.bic, row.aic, row.icl].map(fixed),
    outcome(row),
  ]);
  const mark = (name: 'bic' | 'aic' | 'icl') =>
    (name === criterion ? '* ' : '') + name.toUpperCase();
  const heading = [
    '',
    'components',
    ...(hasTypes ? ['covariance'] : []),
    'parameters',
    'log-likelihood',
    mark('bic'),
    mark('aic'),
    mark('icl'),
    'fit',
  ];
  const numbers = Array.from({ length: 5 }, () => 'right' as const);
  const types = hasTypes ? (['left'] as const) : [];
  return `${textTable([heading, ...rows], ['left', 'right', ...types, ...numbers, 'left'])}\n* The lowest is the best.\n`;
}

/** What a person should know of the candidates: why some could not be fitted, and how far the choice goes. */
export function selectionNotes({ candidates, warnings }: SelectionReport): { message: string }[] {
  const failed = candidates.flatMap(({ nComponents, covarianceType, error }) => {
    if (!error) return [];
    const type = covarianceType === null ? '' : `, ${covarianceType} covariance`;
    return [{ message: `${counted(nComponents, 'component')}${type}: ${error.message}` }];
  });
  // the reasons say more than their number
  return [...warnings.filter(({ code }) => code !== 'CANDIDATES_FAILED'), ...failed];
}

function outcome({ error, converged, nIter }: CandidateReport): string {
  if (error) return `failed: ${error.code}`;
  const iterations = counted(nIter ?? 0, 'iteration');
  return converged ? iterations : `${iterations}, not converged`;
}

function fixed(value: number | null): string {
  return value === null ? '' : value.toFixed(3);
}
