import { anomalyStatus } from '../../../api/status/anomaly.ts';
import type { PolicyStatus } from '../../../api/policy-status.ts';
import type { Anomaly } from '../../../loop/analyze/anomaly/anomaly.ts';
import type { PolicyView } from '../../../loop/policy-view.ts';
import type { LoopReport } from '../../../loop/report.ts';
import type { RunbookPassage } from '../../knowledge/policy-memory.ts';
import { anomaliesStatus } from './anomalies-status.ts';
import { withRunbooks } from './runbook-status.ts';

const SINCE = Date.UTC(2026, 4, 4, 9, 1);

const anomaly = (signal: string, change: Partial<Anomaly> = {}): Anomaly => ({
  kind: 'Spike',
  signal,
  severity: 'Medium',
  since: SINCE,
  seenAt: SINCE,
  surprise: 5.7,
  expected: 100,
  actual: 4321,
  message: 'unusual',
  holds: true,
  openedAt: SINCE,
  told: true,
  fleetWide: false,
  ...change,
});

const PASSAGE: RunbookPassage = { source: 'ConfigMap shop/runbooks', title: 'Slow', text: 'Look.' };

function shown(open: readonly Anomaly[], runbook?: string) {
  const asked: string[] = [];
  const anomalies = anomaliesStatus(open);
  const workload = { name: 'web', ...(anomalies && { anomalies }) };
  const status = { workloads: [workload] } as unknown as PolicyStatus;
  const policy = { namespace: 'shop', name: 'web', ...(runbook && { runbook }) } as PolicyView;
  const report = { anomalies: { open } } as unknown as LoopReport;
  const found = withRunbooks(status, policy, report, (namespace, { signal }) => {
    asked.push(`${namespace} ${signal}`);
    return signal === 'latency' ? PASSAGE : undefined;
  });
  return { asked, anomalies: found.workloads?.[0]?.anomalies };
}

describe('runbooks in the status', () => {
  it('are with the anomaly that they fit, whatever the order is', () => {
    const { anomalies } = shown([anomaly('load'), anomaly('latency', { severity: 'High' })]);
    expect(anomalies?.map(({ signal, runbook }) => [signal, runbook])).toEqual([
      ['latency', PASSAGE],
      ['load', undefined],
    ]);
    for (const entry of anomalies ?? []) expect(anomalyStatus.parse(entry)).toEqual(entry);
  });

  it("are the policy's own annotation where no passage fits", () => {
    const url = 'https://wiki.example.com/web';
    const { anomalies } = shown([anomaly('load'), anomaly('latency')], url);
    expect(anomalies?.map(({ runbook }) => runbook)).toEqual([
      { source: 'AutonomicPolicy shop/web', title: 'web', text: url },
      PASSAGE,
    ]);
  });

  it.each([
    ['nobody was told of', { told: false }],
    ['is one of the fleet', { fleetWide: true }],
  ])('are not looked for where an anomaly %s', (_name, change) => {
    expect(shown([anomaly('latency', change)])).toEqual({ asked: [], anomalies: undefined });
  });
});
