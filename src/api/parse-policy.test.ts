import fc from 'fast-check';
import { withFields } from '../../test/support/with-fields.ts';
import { parsePolicy } from './parse-policy.ts';
import { problemText } from './problem.ts';

const good = () => ({
  apiVersion: 'autonomic.dev/v1alpha1',
  kind: 'AutonomicPolicy',
  metadata: {
    name: 'web',
    namespace: 'shop',
    uid: '6f1c',
    generation: 3,
    resourceVersion: '812',
    creationTimestamp: '2026-05-01T12:00:00Z',
    managedFields: [{ manager: 'kubectl' }],
  },
  spec: {
    targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    metrics: [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
      },
    ],
    horizontal: { maxReplicas: 10 },
  },
});

const goodWith = (changes: Record<string, unknown>) => withFields(good(), changes);

const cycle = () => {
  const policy = good() as Record<string, unknown>;
  policy['spec'] = policy;
  return policy;
};

const problemTexts = (object: unknown): string[] => {
  const parsed = parsePolicy(object);
  return parsed.ok ? [] : parsed.problems.map(problemText);
};

describe('parsePolicy', () => {
  it('applies every default and keeps only the metadata that is used', () => {
    const parsed = parsePolicy(good());
    expect(parsed).toMatchObject({
      ok: true,
      policy: {
        metadata: { annotations: {} },
        spec: {
          mode: 'Preview',
          suspend: false,
          horizontal: {
            minReplicas: 1,
            profile: 'Balanced',
            behavior: { scaleUp: { stabilizationWindowSeconds: 0 }, scaleDown: { tolerance: '0.1' } },
          },
          forecast: { mode: 'Auto', confidencePercent: 95, tier: 'Auto' },
          observationSeconds: 300,
          limits: { actionsPerHour: 60 },
        },
        status: {},
        statusProblems: [],
      },
    });
    expect(parsed.ok && Object.keys(parsed.policy.metadata)).not.toContain('managedFields');
  });

  it('reads an integer quantity as text', () => {
    const parsed = parsePolicy(
      goodWith({ 'spec.metrics[0].resource.target': { type: 'AverageValue', averageValue: 2 } }),
    );
    expect(parsed.ok && parsed.policy.spec.metrics[0]?.resource?.target.averageValue).toBe('2');
  });

  it('drops unknown fields, as the API server does', () => {
    const parsed = parsePolicy(goodWith({ 'spec.colour': 'red' }));
    expect(parsed.ok && Object.keys(parsed.policy.spec)).not.toContain('colour');
  });

  test.each<[string, string, unknown, string]>([
    [
      'a missing field',
      'spec.horizontal.maxReplicas',
      undefined,
      'spec.horizontal.maxReplicas: Invalid input: expected number, received undefined; found nothing',
    ],
    [
      'a value out of an enumeration',
      'spec.mode',
      'preview',
      'spec.mode: Invalid option: expected one of "Preview"|"Apply"; found "preview"',
    ],
    [
      'a number out of range',
      'spec.observationSeconds',
      -1,
      'spec.observationSeconds: Too small: expected number to be >=0; found -1',
    ],
    [
      'a rule between fields',
      'spec.horizontal.minReplicas',
      11,
      'spec.horizontal.minReplicas: `minReplicas` must not be greater than `maxReplicas`; found 11',
    ],
    [
      'a list of the wrong length',
      'spec.horizontal.behavior',
      { scaleUp: { policies: [] } },
      'spec.horizontal.behavior.scaleUp.policies: Too small: expected array to have >=1 items; found a list of 0',
    ],
    ['another kind', 'kind', 'Pod', 'kind: Invalid input: expected "AutonomicPolicy"; found "Pod"'],
  ])('names field, finding and what is allowed for %s', (_, path, value, expected) => {
    expect(problemTexts(goodWith({ [path]: value }))).toEqual([expected]);
  });

  it('reports every problem, not only the first', () => {
    const texts = problemTexts(goodWith({ 'spec.mode': 'Off', 'spec.targetRef.name': '../kube-system' }));
    expect(texts).toHaveLength(2);
  });

  it('clips what it found', () => {
    const [text] = problemTexts(goodWith({ 'spec.targetRef.name': 'x'.repeat(1_000_000) }));
    expect(text?.length).toBeLessThan(300);
  });

  it('keeps a policy whose status is not understood, and says so', () => {
    const parsed = parsePolicy(goodWith({ status: { pending: { decisionId: 7 } } }));
    expect(parsed.ok && parsed.policy.status).toEqual({});
    expect(parsed.ok && parsed.policy.statusProblems.map(({ path }) => path)).toContain(
      'status.pending.decisionId',
    );
  });

  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['text', 'policy'],
    ['a list', []],
    [
      'an object that throws when read',
      {
        get apiVersion(): string {
          throw new Error('no');
        },
      },
    ],
    ['a cycle', cycle()],
  ])('refuses %s without throwing', (_, object) => {
    expect(parsePolicy(object).ok).toBe(false);
  });

  it('never throws, whatever stands in a field', () => {
    const fields = ['apiVersion', 'metadata', 'spec', 'status'] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...fields),
        fc.anything({ withBigInt: true, withNullPrototype: true }),
        (field, value) => {
          const parsed = parsePolicy({ ...good(), [field]: value });
          return parsed.ok || parsed.problems.length > 0;
        },
      ),
    );
  });

  it('never throws, whatever stands in the specification', () => {
    const names = ['targetRef', 'mode', 'metrics', 'horizontal', 'forecast', 'objective', 'limits'] as const;
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.anything(), (name, value) => {
        const parsed = parsePolicy({ ...good(), spec: { ...good().spec, [name]: value } });
        return parsed.ok || parsed.problems.every(({ message }) => message !== '');
      }),
    );
  });
});
