import { OperatorMetrics } from '../../adapters/http/operator-metrics.ts';
import { exposeRound } from './round-telemetry.ts';

const WELL = { journal: undefined, knowledgeStore: undefined, prometheus: undefined };

type Round = readonly [Parameters<typeof exposeRound>[1], Parameters<typeof exposeRound>[2]];

/** Values after these rounds, by the one label. */
async function exposed(...rounds: readonly Round[]): Promise<Record<string, number>> {
  const metrics = new OperatorMetrics('test');
  for (const [fleetWide, health] of rounds) exposeRound(metrics, fleetWide, health);
  const { body } = await metrics.exposition();
  const series = body.matchAll(/^autonomic_(?:degraded|anomalies_fleet_wide)\{\w+="(\w+)"\} (\S+)$/gm);
  return Object.fromEntries([...series].map(([, label = '', value]) => [label, Number(value)]));
}

const NOTHING = {
  Spike: 0,
  LevelShift: 0,
  FlatLine: 0,
  Missing: 0,
  Degradation: 0,
  Leak: 0,
  Cost: 0,
  Behaviour: 0,
  Journal: 0,
  KnowledgeStore: 0,
  Prometheus: 0,
};

describe('what a round says of all policies and of the operator', () => {
  it('is 0 for every kind and part while nothing is the matter', async () => {
    expect(await exposed([[], WELL])).toEqual(NOTHING);
  });

  it('is how many workloads show the same, those of two events together', async () => {
    const fleetWide = [
      { kind: 'Missing', workloads: 40 },
      { kind: 'Spike', workloads: 5 },
      { kind: 'Missing', workloads: 3 },
    ];
    expect(await exposed([fleetWide, WELL])).toEqual({ ...NOTHING, Missing: 43, Spike: 5 });
  });

  it('is 0 again when it is over', async () => {
    const outage: Round = [[{ kind: 'Missing', workloads: 40 }], { ...WELL, prometheus: 'no answer' }];
    expect(await exposed(outage, [[], WELL])).toEqual(NOTHING);
  });

  it.each([
    ['Journal', { journal: 'the disk is full' }],
    ['KnowledgeStore', { knowledgeStore: 'no such bucket' }],
    ['Prometheus', { prometheus: 'no answer' }],
  ])('names the part that is missing: %s', async (part, missing) => {
    expect(await exposed([[], { ...WELL, ...missing }])).toEqual({ ...NOTHING, [part]: 1 });
  });
});
