import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { ensureTools } from '../../hack/tools/tools.ts';
import { OperatorMetrics } from '../../src/adapters/http/operator-metrics.ts';
import { renderChart, type Rendered } from '../support/rendered-chart.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: { readonly summary: string; readonly description: string };
}

interface PrometheusRule extends Rendered {
  readonly spec: { readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[] };
}

const ENABLED = ['--set', 'prometheusRule.enabled=true'];
const ALERTS = [
  'AutonomicDown',
  'AutonomicNotLeading',
  'AutonomicDegraded',
  'AutonomicAnomaly',
  'AutonomicLeak',
  'AutonomicFleetAnomaly',
  'AutonomicFalseAlarms',
];
const THREAT_ALERTS = ['AutonomicThreatFreeze', 'AutonomicThreatRisk', 'AutonomicThreatSourceUnknown'];

async function rendered(...args: string[]): Promise<PrometheusRule | undefined> {
  const objects = await renderChart<PrometheusRule>(...args);
  return objects.find(({ kind }) => kind === 'PrometheusRule');
}

const rulesOf = (of: PrometheusRule | undefined): readonly Rule[] =>
  of?.spec.groups.flatMap(({ rules }) => rules) ?? [];
const namesOf = (of: PrometheusRule | undefined): string[] => rulesOf(of).map(({ alert }) => alert);

let directory = '';
let promtool = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alert-rules-'));
  ({ promtool } = await ensureTools());
  await writeFile(join(directory, 'rules.yaml'), stringify((await rendered(...ENABLED))?.spec));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

describe('the alert rules of the chart', () => {
  test('are made where they are asked for only', async () => {
    expect(await rendered()).toBeUndefined();
    expect(namesOf(await rendered(...ENABLED))).toEqual([...ALERTS, ...THREAT_ALERTS]);
  });

  test('carry the labels by which a Prometheus selects them', async () => {
    const rule = await rendered(...ENABLED, '--set', 'prometheusRule.labels.release=stack');
    expect(rule?.metadata.labels).toMatchObject({
      release: 'stack',
      'app.kubernetes.io/name': 'autonomic',
    });
  });

  test('say nothing of threats where nobody looks for them', async () => {
    const rule = await rendered(...ENABLED, '--set', 'config.threats.enabled=false');
    expect(namesOf(rule)).toEqual(ALERTS);
  });

  test('are about the lease and the namespace of the release', async () => {
    const rule = await rendered(...ENABLED, '--namespace', 'ops', '--set', 'fullnameOverride=scaler');
    const leading = rulesOf(rule).find(({ alert }) => alert === 'AutonomicNotLeading');
    expect(leading?.expr).toContain('leader_election_master_status{namespace="ops",name="scaler"}');
  });

  test('read metrics that the operator has, and labels that these have', async () => {
    const described = new OperatorMetrics('test').registry.getMetricsAsArray() as unknown as {
      readonly name: string;
      readonly labelNames: readonly string[];
    }[];
    const known = new Map(described.map(({ name, labelNames }) => [name, labelNames]));
    for (const { alert, expr } of rulesOf(await rendered(...ENABLED))) {
      const names = [...expr.matchAll(/\b(?:autonomic|leader_election)_\w+/g)].map(([name]) =>
        name.replace(/_(?:bucket|count|sum)$/, ''),
      );
      expect([alert, names.length > 0]).toEqual([alert, true]);
      for (const name of names) expect([alert, name, known.has(name)]).toEqual([alert, name, true]);
      // The namespace of the operator's own series, and the bounds of a histogram, are not the metric's own labels.
      const has = new Set([...names.flatMap((name) => known.get(name) ?? []), 'namespace', 'le']);
      const asked = [...expr.matchAll(/(\w+)=~?"/g), ...expr.matchAll(/by \(([\w, ]+)\)/g)];
      const labels = asked.flatMap(([, list = '']) => list.split(', '));
      expect([alert, labels.filter((label) => !has.has(label))]).toEqual([alert, []]);
    }
  });

  test('pass promtool', async () => {
    const { stdout } = await promisify(execFile)(promtool, ['check', 'rules', join(directory, 'rules.yaml')]);
    expect(stdout).toContain(`${ALERTS.length + THREAT_ALERTS.length} rules found`);
  });
});

/** What people read, and the labels beside the rule's own. */
type Raised = readonly [summary: string, labels?: Readonly<Record<string, string>>];

/** Series in promtool's notation, by minutes, and the alerts that they raise at the end. */
interface Case {
  readonly name: string;
  readonly series: Readonly<Record<string, string>>;
  readonly at: string;
  readonly raises: Readonly<Record<string, Raised>>;
}

const UP = {
  'autonomic_build_info{namespace="default",version="0.1.0"}': '1x3000',
  'leader_election_master_status{namespace="default",name="autonomic"}': '1x3000',
} as const;
/** A million minutes of series in a day, and of each of them so many at a p-value of a thousandth and less. */
const judged = (unusual: number): Readonly<Record<string, string>> => ({
  'autonomic_anomaly_p_value_bucket{detector="load",le="0.001"}': `0+${unusual}x3000`,
  'autonomic_anomaly_p_value_count{detector="load"}': '0+700x3000',
});

const CASES: readonly Case[] = [
  {
    name: 'an operator that is well raises nothing',
    series: { ...UP, ...judged(0.7) },
    at: '30h',
    raises: {},
  },
  {
    name: 'an operator that is gone is told of once',
    series: {},
    at: '6m',
    raises: { AutonomicDown: ['No replica of Autonomic is scraped.', { namespace: 'default' }] },
  },
  {
    name: 'an operator that never led is told of',
    series: { 'autonomic_build_info{namespace="default",version="0.1.0"}': '1x30' },
    at: '6m',
    raises: {
      AutonomicNotLeading: ['No replica of Autonomic leads.'],
    },
  },
  {
    name: 'a Prometheus that does not answer is told of after a quarter of an hour',
    series: { ...UP, 'autonomic_degraded{namespace="default",part="Prometheus"}': '1x30' },
    at: '16m',
    raises: { AutonomicDegraded: ['Autonomic works without Prometheus.', { part: 'Prometheus' }] },
  },
  {
    name: 'grave anomalies are told of by policy, others are not',
    series: {
      ...UP,
      'autonomic_anomalies_open{namespace="shop",policy="web",severity="High"}': '1x30',
      'autonomic_anomalies_open{namespace="shop",policy="api",severity="Medium"}': '3x30',
      'autonomic_anomalies_open{namespace="shop",policy="api",severity="High"}': '0 1 1 0x30',
    },
    at: '6m',
    raises: {
      AutonomicAnomaly: [
        'shop/web does what it does not usually do, and its objective suffers.',
        { namespace: 'shop', policy: 'web' },
      ],
    },
  },
  {
    name: 'a leak is told of',
    series: { ...UP, 'autonomic_leaks_open{namespace="shop",policy="web"}': '0 0 1x30' },
    at: '13m',
    raises: { AutonomicLeak: ['The memory of shop/web only grows.', { namespace: 'shop', policy: 'web' }] },
  },
  {
    name: 'an outage of the metrics is one alert',
    series: {
      ...UP,
      'autonomic_anomalies_fleet_wide{namespace="default",kind="Missing"}': '412x30',
      'autonomic_anomalies_fleet_wide{namespace="default",kind="Spike"}': '0x30',
    },
    at: '6m',
    raises: { AutonomicFleetAnomaly: ['412 workloads show the same at once: Missing.', { kind: 'Missing' }] },
  },
  {
    name: 'p-values that are small three times as often as they say are told of after a day',
    series: { ...UP, ...judged(2.1) },
    at: '27h',
    raises: {
      AutonomicFalseAlarms: ['More is unusual than chance explains, twice as much and more for a day.'],
    },
  },
  {
    name: 'a freeze is told of at once, and its risk is not told of beside it',
    series: {
      ...UP,
      'autonomic_threat_risk{namespace="shop"}': '0.6x30',
      'autonomic_threat_frozen{namespace="shop"}': '1x30',
    },
    at: '6m',
    raises: {
      AutonomicThreatFreeze: ['An attack on the namespace shop is suspected.', { namespace: 'shop' }],
    },
  },
  {
    name: 'a risk that freezes nothing is told of',
    series: {
      ...UP,
      'autonomic_threat_risk{namespace="shop"}': '0.35x30',
      'autonomic_threat_frozen{namespace="shop"}': '0x30',
    },
    at: '6m',
    raises: {
      AutonomicThreatRisk: [
        'There is evidence of an attack on the namespace shop, too weak to freeze it.',
        { namespace: 'shop' },
      ],
    },
  },
  {
    name: 'a source that was switched on and tells nothing is told of, and one that nobody can switch on is not',
    series: {
      ...UP,
      'autonomic_threat_source{namespace="default",source="Audit",state="Unknown"}': '1x60',
      'autonomic_threat_source{namespace="default",source="Traffic",state="Unknown"}': '1x60',
    },
    at: '31m',
    raises: {
      AutonomicThreatSourceUnknown: ['Nothing comes from the source of threats Audit.', { source: 'Audit' }],
    },
  },
];

function expected({ labels, annotations }: Rule, raised: Raised | undefined): object[] {
  if (raised === undefined) return [];
  const [summary, own = {}] = raised;
  return [
    {
      exp_labels: { ...labels, ...own },
      exp_annotations: { summary, description: annotations.description },
    },
  ];
}

test.each(CASES)('$name', async ({ name, series, at, raises }) => {
  const all = rulesOf(await rendered(...ENABLED));
  const tests = {
    rule_files: [join(directory, 'rules.yaml')],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: Object.entries(series).map(([of, values]) => ({ series: of, values })),
        alert_rule_test: all.map((rule) => ({
          eval_time: at,
          alertname: rule.alert,
          exp_alerts: expected(rule, raises[rule.alert]),
        })),
      },
    ],
  };
  const file = join(directory, `${name.replaceAll(' ', '-')}.yaml`);
  await writeFile(file, stringify(tests));
  const said = await promisify(execFile)(promtool, ['test', 'rules', file]).catch(
    (error: unknown) => error as { stdout: string; stderr: string },
  );
  expect(said.stdout + said.stderr).toContain('SUCCESS');
});
