import { ABLATIONS } from '../../simulate/autonomic/ablations.ts';
import { CONTENDERS, REFERENCE_CONTENDERS } from '../../simulate/contenders.ts';
import { ORACLE, OURS, type ContenderTitle } from '../../simulate/score/summary.ts';
import { oracleContender } from '../../simulate/rivals/foresight.ts';
import { UsageError } from '../verb.ts';

const EVERYBODY: readonly ContenderTitle[] = [
  ...CONTENDERS,
  ...REFERENCE_CONTENDERS,
  ...ABLATIONS,
  oracleContender([]),
];

/**
 * Who takes part, in the order of the tables: `all`, `reference` (all, and the rows that check the simulator),
 * `ablations` (Autonomic with one part left out), or names with commas between. Autonomic and the oracle always do.
 * @throws UsageError
 */
export function chosenContenders(rivals: string): readonly ContenderTitle[] {
  const names = new Set(namesOf(rivals));
  const unknown = [...names].find((name) => EVERYBODY.every((known) => known.name !== name));
  if (unknown !== undefined) {
    const known = EVERYBODY.map(({ name }) => name).join(', ');
    throw new UsageError(`--rivals: there is no "${unknown}"; known are all, reference, ablations, ${known}`);
  }
  return EVERYBODY.filter(({ name }) => name === OURS || name === ORACLE || names.has(name)).map(
    ({ name, title, source }) => ({ name, title, source }),
  );
}

function namesOf(rivals: string): readonly string[] {
  if (rivals === 'all') return CONTENDERS.map(({ name }) => name);
  if (rivals === 'reference') return [...CONTENDERS, ...REFERENCE_CONTENDERS].map(({ name }) => name);
  if (rivals === 'ablations') return ABLATIONS.map(({ name }) => name);
  return rivals.split(',').map((name) => name.trim());
}
