import { readTable } from '../../../adapters/csv/read-trace.ts';
import { TraceError } from '../../../adapters/csv/trace-error.ts';
import type { LoggedChoice } from '../../../loop/knowledge/off-policy/logged-choice.ts';
import { InputError } from '../../verb.ts';

const COLUMNS = ['item_id', 'position', 'click', 'propensity_score'] as const;

interface BanditLog {
  readonly item: Float64Array;
  readonly position: Float64Array;
  readonly click: Float64Array;
  readonly propensity: Float64Array;
}

export interface JudgedLog {
  readonly choices: readonly LoggedChoice[];
  /** Clicks of the strategy itself, and of how many choices. */
  readonly truth: { readonly clicks: number; readonly choices: number };
}

/**
 * The choices of `log`, with how likely the strategy that made `target` takes each item at that position: the mean of its
 * recorded propensities there (Saito et al., "Open Bandit Dataset and Pipeline", NeurIPS 2021 datasets). @throws InputError
 */
export function readBanditLogs(log: string, target: string): JudgedLog {
  const logged = readLog(log);
  const aimed = readLog(target);
  const items = 1 + Math.max(largest(logged.item), largest(aimed.item));
  const byPosition = itemShares(aimed, items, target);
  const choices = Array.from(logged.item, (arm, row): LoggedChoice => {
    const position = logged.position[row] ?? NaN;
    const shares = byPosition.get(position);
    if (shares === undefined)
      throw new InputError(`${target} has no choice at position ${position}, and ${log} has`);
    const [propensity = NaN, reward = NaN] = [logged.propensity[row], logged.click[row]];
    return { arm, propensity, reward, target: shares };
  });
  const clicks = aimed.click.reduce((sum, click) => sum + click, 0);
  return { choices, truth: { clicks, choices: aimed.click.length } };
}

function readLog(file: string): BanditLog {
  try {
    const [item, position, click, propensity] = readTable(file, {
      columns: [...COLUMNS],
      everyRow: true,
    }).columns;
    if (item === undefined || position === undefined || click === undefined || propensity === undefined)
      throw new InputError(`${file}: needs the columns ${COLUMNS.join(', ')}`);
    return { item, position, click, propensity };
  } catch (error) {
    if (error instanceof TraceError) throw new InputError(error.message);
    throw error;
  }
}

const largest = (values: Float64Array): number => values.reduce((most, one) => Math.max(most, one), 0);

/** By position, how likely each item is: the mean of its propensities, in all 1. */
function itemShares(
  { item, position, propensity }: BanditLog,
  items: number,
  file: string,
): ReadonlyMap<number, Float64Array> {
  const sums = new Map<number, { readonly total: Float64Array; readonly count: Float64Array }>();
  for (const [row, at] of position.entries()) {
    const known = sums.get(at) ?? { total: new Float64Array(items), count: new Float64Array(items) };
    sums.set(at, known);
    const arm = item[row] ?? -1;
    if (!(Number.isInteger(arm) && arm >= 0))
      throw new InputError(`${file}: row ${row + 2}: item_id must be a whole number from 0, found ${arm}`);
    known.total[arm] = (known.total[arm] ?? 0) + (propensity[row] ?? NaN);
    known.count[arm] = (known.count[arm] ?? 0) + 1;
  }
  return new Map([...sums].map(([at, { total, count }]) => [at, normalized(total, count)]));
}

function normalized(total: Float64Array, count: Float64Array): Float64Array {
  const means = total.map((sum, arm) => ((count[arm] ?? 0) > 0 ? sum / (count[arm] ?? 1) : 0));
  const all = means.reduce((sum, one) => sum + one, 0);
  return means.map((one) => one / all);
}
