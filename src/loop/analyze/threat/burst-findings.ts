import { severityOf } from '../anomaly/surprise/p-value.ts';
import { concerned } from './audit-tally.ts';
import type { Burst, BurstState } from './burst-state.ts';
import { posteriorOf } from './posterior.ts';
import { SPREAD, type OpenThreat } from './threat.ts';
import { WATCHED } from './watched-counters.ts';

/**
 * The open bursts as findings: those of refused requests as one, for user, address and program are views of the
 * same requests.
 * @param name of the state, for the ids
 */
export function openBursts({ open }: BurstState, name: string): OpenThreat[] {
  const bursts = [...open.entries()];
  const refused = bursts.filter(([, { counter }]) => WATCHED[counter].kind === 'BruteForce');
  const others = bursts.filter(([, { counter }]) => WATCHED[counter].kind !== 'BruteForce');
  return [
    ...(refused.length === 0
      ? []
      : [
          finding(
            `${name}/refused`,
            refused.map(([, burst]) => burst),
          ),
        ]),
    ...others.map(([key, burst]) => finding(`${name}/${key}`, [burst])),
  ];
}

/** So many of the sources are named. */
const MAX_NAMED = 6;

function finding(id: string, bursts: readonly Burst[]): OpenThreat {
  const ranked = [...bursts].sort((a, b) => probabilityOf(b) - probabilityOf(a) || a.p - b.p);
  const [worst] = ranked;
  if (worst === undefined) throw new Error('a finding needs a burst');
  const namespaces = new Map<string, number>();
  for (const { counter, source, seen } of bursts) {
    for (const [namespace, weight] of concerned(counter, source, seen)) {
      namespaces.set(namespace, Math.max(weight, namespaces.get(namespace) ?? 0));
    }
  }
  const isOfAll = bursts.some(
    ({ counter, seen }) => counter === 'refusedAtServer' || seen.namespaces.has(''),
  );
  const { counter, p } = worst;
  return {
    id,
    kind: WATCHED[counter].kind,
    severity: severityOf(-Math.log10(p)),
    probability: probabilityOf(worst),
    p,
    since: Math.min(...bursts.map(({ since }) => since)),
    message: describe(worst),
    evidence: ranked.slice(0, MAX_NAMED).map(describe),
    namespaces,
    elsewhere: isOfAll ? SPREAD : 0,
  };
}

function probabilityOf({ counter, p }: Burst): number {
  return WATCHED[counter].ceiling * posteriorOf(p);
}

function describe({ counter, source, count, expected }: Burst): string {
  const usual = expected < 0.1 ? 'less than 0.1' : expected.toPrecision(2);
  return `${count} ${WATCHED[counter].what.replace('{source}', () => source)} in one interval, usual is ${usual}`;
}
