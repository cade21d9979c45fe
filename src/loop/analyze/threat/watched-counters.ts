import type { Counter } from './audit-tally.ts';
import type { RatePrior } from './count-rate.ts';
import type { ThreatKind } from './threat.ts';

/** How a counter is judged. */
interface Watched {
  readonly kind: ThreatKind;
  /** Of a source that was never heard of. */
  readonly prior: RatePrior;
  /** Fewer in one interval are nobody's burst, however seldom they are. */
  readonly least: number;
  /** Share of such bursts that are no mishap, such as a program with an expired token. */
  readonly ceiling: number;
  /** `{source}` is replaced. */
  readonly what: string;
}

const REFUSED = { kind: 'BruteForce', prior: { count: 0.5, seconds: 30 }, least: 10 } as const;
const DATA = { kind: 'Exfiltration', least: 10, ceiling: 0.7 } as const;

/** Priors and ceilings are judgements; docs/threats.md gives the table and the reasons. */
export const WATCHED: Readonly<Record<Counter, Watched>> = {
  refusedByUser: { ...REFUSED, ceiling: 0.75, what: 'refused requests of user {source}' },
  refusedByAddress: { ...REFUSED, ceiling: 0.6, what: 'refused requests from {source}' },
  refusedByAgent: { ...REFUSED, ceiling: 0.6, what: 'refused requests by program {source}' },
  execs: { ...DATA, prior: { count: 0.5, seconds: 300 }, what: 'commands run in pods of {source}' },
  refusedAtServer: {
    kind: 'BruteForce',
    prior: { count: 0.5, seconds: 5 },
    least: 30,
    ceiling: 0.5,
    what: 'requests {source} by the API server',
  },
  secretLists: { ...DATA, prior: { count: 0.5, seconds: 60 }, what: 'lists of Secrets read by {source}' },
};
