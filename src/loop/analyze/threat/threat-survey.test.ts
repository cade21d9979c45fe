import { bindingFixture } from '../../../../test/support/binding-fixture.ts';
import { createAuditTally, tallyAudit, type AuditTally } from './audit-tally.ts';
import type { BindingFact, Rbac } from './grants.ts';
import type { Criticality } from './risk.ts';
import type { RuntimeAlert } from './runtime-alerts.ts';
import { createThreatState, type ThreatState } from './threat-state.ts';
import { surveyThreats, type ThreatInputs, type ThreatSurvey } from './threat-survey.ts';
import { threatView } from './threat-view.ts';

const LIMITS = { quietMs: 60_000, expireMs: 3_600_000, lookbackMs: 600_000 };
const START = 1_000_000_000;
const NAMESPACES = new Map<string, Criticality>([
  ['shop', 'medium'],
  ['bank', 'medium'],
]);

function rbac(...bindings: BindingFact[]): Rbac {
  return {
    roles: new Map(),
    clusterRoles: new Map([['cluster-admin', { powers: ['ClusterAdmin'] }]]),
    bindings,
  };
}

const SURPRISE = bindingFixture();

const SHELL: RuntimeAlert = {
  priority: 'Critical',
  rule: 'Terminal shell in container',
  namespace: 'bank',
  pod: 'web-1',
  message: 'a shell was opened',
};

function survey(state: ThreatState, round: number, inputs: Partial<ThreatInputs> = {}): ThreatSurvey {
  const quiet: ThreatInputs = {
    now: START + 15_000 * round,
    audit: { tally: createAuditTally(), seconds: 15 },
    server: undefined,
    rbac: rbac(),
    pods: [],
    traffic: [],
    alerts: [],
    namespaces: NAMESPACES,
  };
  return surveyThreats(state, { ...quiet, ...inputs }, LIMITS);
}

function execs(times: number): AuditTally {
  const tally = createAuditTally();
  const fact = { verb: 'create', user: 'eve', agent: 'kubectl', address: '10.0.0.9', namespace: 'shop' };
  for (let time = 0; time < times; time += 1) {
    tallyAudit(tally, { ...fact, resource: 'pods', subresource: 'exec', code: 101 });
  }
  return tally;
}

function settled(): ThreatState {
  const state = createThreatState();
  for (let round = 0; round < 30; round += 1) survey(state, round);
  expect(state.open.size).toBe(0);
  return state;
}

function view(state: ThreatState, name: string) {
  return threatView(state, { name, criticality: 'medium' }, []);
}

test('a finding opens once, freezes where it lives, and is history when it is over', () => {
  const state = settled();
  const first = survey(state, 30, { rbac: rbac(SURPRISE) });
  expect(first.opened.map(({ id }) => id)).toEqual(['ClusterRoleBinding/u1']);
  expect(first.frozen).toEqual(['shop']);
  expect(survey(state, 31, { rbac: rbac(SURPRISE) })).toEqual({
    opened: [],
    closed: [],
    frozen: [],
    thawed: [],
  });
  expect(view(state, 'shop')).toMatchObject({
    freeze: true,
    reason: expect.stringContaining('surprise') as string,
  });
  expect(view(state, 'bank')).toMatchObject({ freeze: false });
  expect(view(state, 'bank').risk).toBeCloseTo(0.75 * 0.5 * 0.8, 9);

  const last = survey(state, 32);
  expect(last.closed).toMatchObject([
    { id: 'ClusterRoleBinding/u1', since: START + 450_000, until: START + 480_000 },
  ]);
  expect(last.thawed).toEqual(['shop']);
  expect(state.history).toEqual(last.closed);
  expect(view(state, 'shop')).toEqual({ risk: 0, freeze: false, reason: '', findings: [], sources: [] });
});

test('what is open stays so while bindings cannot be read, and nothing new is found', () => {
  const state = settled();
  survey(state, 30, { rbac: rbac(SURPRISE) });
  expect(survey(state, 31, { rbac: undefined })).toMatchObject({ opened: [], closed: [], thawed: [] });
  expect(view(state, 'shop').freeze).toBe(true);
});

test('a first look without the bindings is none: their baseline is made when they come', () => {
  const state = createThreatState();
  survey(state, 0, { rbac: undefined });
  expect(survey(state, 1, { rbac: rbac(SURPRISE) }).opened).toEqual([]);
});

test('while data seems to leave, a NetworkPolicy is suggested', () => {
  const state = settled();
  survey(state, 30, { audit: { tally: execs(60), seconds: 15 } });
  expect(view(state, 'shop').suggestedNetworkPolicy).toMatchObject({
    kind: 'NetworkPolicy',
    metadata: { namespace: 'shop' },
    spec: { podSelector: {}, policyTypes: ['Egress'] },
  });
  expect(view(state, 'bank').suggestedNetworkPolicy).toBeUndefined();
});

test('alerts of one rule in one namespace are one finding, over after the quiet time', () => {
  const state = settled();
  const { opened } = survey(state, 30, {
    alerts: [SHELL, SHELL, { ...SHELL, priority: 'Debug', rule: 'noise' }],
  });
  expect(opened).toMatchObject([
    { kind: 'RuntimeAlert', severity: 'High', message: expect.stringContaining('2 times') as string },
  ]);
  expect(view(state, 'bank').freeze).toBe(true);
  survey(state, 33);
  expect(survey(state, 34).closed).toHaveLength(1);
});

test('kinds that come together freeze where each alone would not', () => {
  const state = settled();
  const shell: RuntimeAlert = { ...SHELL, priority: 'Warning' };
  expect(survey(state, 30, { alerts: [shell] }).frozen).toEqual([]);
  expect(survey(state, 31, { alerts: [shell], rbac: rbac(SURPRISE) }).frozen.toSorted()).toEqual([
    'bank',
    'shop',
  ]);
});

test('no more than ten findings are shown, the gravest first, and the history has an end', () => {
  const state = settled();
  const many = Array.from({ length: 150 }, (_, index) => ({
    ...SURPRISE,
    uid: `many-${index}`,
    name: `many-${index}`,
  }));
  survey(state, 30, { rbac: rbac(...many), alerts: [{ ...SHELL, namespace: 'shop', priority: 'Alert' }] });
  const { findings } = view(state, 'shop');
  expect(findings).toHaveLength(10);
  expect(findings[0]?.kind).toBe('RuntimeAlert');
  survey(state, 31);
  expect(state.history).toHaveLength(100);
});

test('a stored state goes on where it was', () => {
  const state = settled();
  survey(state, 30, { rbac: rbac(SURPRISE) });
  const restored = structuredClone(state);
  expect(survey(restored, 31, { rbac: rbac(SURPRISE) })).toEqual({
    opened: [],
    closed: [],
    frozen: [],
    thawed: [],
  });
  expect(survey(restored, 32).closed).toHaveLength(1);
});
