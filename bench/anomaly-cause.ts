import { anomalousEnds, createCallGraph } from '../src/loop/analyze/anomaly/attribution/call-graph.ts';
import { deviationOf, UNUSUAL, type Deviation } from '../src/loop/analyze/anomaly/attribution/deviation.ts';
import { rankRootCauses, type Incident } from '../src/loop/analyze/anomaly/attribution/root-cause.ts';
import { hasPetShop, readPetShop, type PetShopIssue } from './anomaly-cause-petshop.ts';
import type { Figure, Findings, Suite, Table } from './suite.ts';

/** From an issue to components in the order of suspicion. */
type Ranker = (incident: Incident) => readonly string[];

/** Chance that the cause is among the first one and three: an order by lot is not run but reckoned. */
interface Hit {
  readonly issue: PetShopIssue;
  readonly top1: number;
  readonly top3: number;
}

const RANKERS: readonly { readonly name: string; readonly rank: Ranker | undefined }[] = [
  { name: 'root cause', rank: (incident) => rankRootCauses(incident).map(({ component }) => component) },
  { name: 'largest deviation', rank: byDeviation },
  { name: 'call graph', rank: byGraph },
  { name: 'random component', rank: undefined },
];

/** How often the component with the fault is named first, and among the first three. */
export const anomalyCauseSuite: Suite = {
  name: 'anomaly-cause',
  title: 'Root causes of PetShop',
  run: ({ data, progress }): Findings => {
    if (!hasPetShop(data)) {
      return { figures: [], notes: [], skipped: `no folder petshop/low_traffic in ${data}` };
    }
    const results = (['train', 'test'] as const).map((part) => {
      progress(part);
      const issues = readPetShop(data, part);
      return {
        part,
        rows: RANKERS.map(({ name, rank }) => ({ name, hits: issues.map((issue) => hit(issue, rank)) })),
      };
    });
    const judged = results.find(({ part }) => part === 'test')!.rows[0]!.hits;
    return {
      figures: figuresOf(judged),
      tables: [...results.map(({ part, rows }) => summary(part, rows)), byFault(judged)],
      notes: [
        'An order is of all components of the data; a component that is not ranked is a miss.',
        'Judged with the normal time and the rows up to ten minutes after the issue began. Weights were set on the issues of `train`, which are all of one component, and the issues of `test` were looked at afterwards.',
      ],
    };
  },
};

function hit(issue: PetShopIssue, rank: Ranker | undefined): Hit {
  if (rank === undefined) {
    const count = issue.incident.components.length;
    return { issue, top1: 1 / count, top3: 3 / count };
  }
  const place = rank(issue.incident).indexOf(issue.rootCause);
  return { issue, top1: Number(place === 0), top3: Number(place >= 0 && place < 3) };
}

function deviations(incident: Incident): { readonly id: string; readonly worst: Deviation | undefined }[] {
  return incident.components.map(({ id, signals }) => {
    const signal = signals.find(({ kind }) => kind === incident.target.kind);
    return { id, worst: signal && deviationOf(signal, incident.from, incident.to) };
  });
}

function byDeviation(incident: Incident): string[] {
  const size = (worst: Deviation | undefined): number => worst?.surprise ?? 0;
  return deviations(incident)
    .toSorted((a, b) => size(b.worst) - size(a.worst))
    .map(({ id }) => id);
}

function byGraph(incident: Incident): readonly string[] {
  const unusual = deviations(incident).filter(({ worst }) => (worst?.surprise ?? 0) >= UNUSUAL);
  return anomalousEnds(
    createCallGraph(incident.calls),
    incident.target.component,
    new Set(unusual.map(({ id }) => id)),
  );
}

function share(hits: readonly Hit[], top: 'top1' | 'top3'): number {
  return (100 * hits.reduce((sum, one) => sum + one[top], 0)) / hits.length;
}

function figuresOf(hits: readonly Hit[]): Figure[] {
  const from = `${hits.length} issues of test`;
  return [
    { name: 'root cause named first', value: share(hits, 'top1'), unit: '%', goal: { atLeast: 60 }, from },
    { name: 'root cause among three', value: share(hits, 'top3'), unit: '%', goal: { atLeast: 80 }, from },
  ];
}

function summary(
  part: string,
  rows: readonly { readonly name: string; readonly hits: readonly Hit[] }[],
): Table {
  return {
    title: `${part}: ${rows[0]!.hits.length} issues`,
    columns: ['order by', 'first', 'among three'],
    rows: rows.map(({ name, hits }) => [name, percent(share(hits, 'top1')), percent(share(hits, 'top3'))]),
  };
}

function byFault(hits: readonly Hit[]): Table {
  const faults = [...Map.groupBy(hits, ({ issue }) => issue.fault)];
  return {
    title: 'test, by what the target shows and the component with the fault',
    columns: ['fault', 'issues', 'first', 'among three'],
    rows: faults.map(([fault, of]) => [
      fault,
      String(of.length),
      percent(share(of, 'top1')),
      percent(share(of, 'top3')),
    ]),
  };
}

function percent(value: number): string {
  return `${Math.round(value)} %`;
}
