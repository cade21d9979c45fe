import fc from 'fast-check';
import { posteriorOf } from './posterior.ts';
import { criticalityOf, isFrozen, riskOf } from './risk.ts';
import type { OpenThreat, ThreatKind } from './threat.ts';

function threat(kind: ThreatKind, probability: number, over: Partial<OpenThreat> = {}): OpenThreat {
  return {
    id: kind,
    kind,
    severity: 'High',
    probability,
    since: 0,
    message: kind,
    evidence: [],
    namespaces: new Map([['shop', 1]]),
    elsewhere: 0,
    ...over,
  };
}

test.each([
  ['nothing', [], 0],
  ['one finding', [threat('BruteForce', 0.6)], 0.6],
  ['two kinds are joined', [threat('BruteForce', 0.6), threat('PrivilegeEscalation', 0.5)], 0.8],
  ['of one kind the strongest speaks', [threat('BruteForce', 0.6), threat('BruteForce', 0.3)], 0.6],
  ['half of it elsewhere', [threat('BruteForce', 0.6, { namespaces: new Map(), elsewhere: 0.5 })], 0.3],
  [
    'nothing of what is in another namespace',
    [threat('BruteForce', 0.6, { namespaces: new Map([['bank', 1]]) })],
    0,
  ],
])('risk: %s', (_name, threats, risk) => {
  expect(riskOf(threats, 'shop', 'high')).toBeCloseTo(risk, 9);
});

test.each([
  ['low', 'low', 0.3],
  ['medium', 'medium', 0.48],
  ['high', 'high', 0.6],
  ['nothing', undefined, 0.48],
  ['a word that is none of them', 'HIGH!', 0.48],
])('a namespace that says %s', (_name, said, risk) => {
  expect(riskOf([threat('BruteForce', 0.6)], 'shop', criticalityOf(said))).toBeCloseTo(risk, 9);
});

test.each([
  [0.49, false, false],
  [0.5, false, true],
  [0.41, true, true],
  [0.39, true, false],
])('risk %d with freeze %s before: freeze %s', (risk, before, after) => {
  expect(isFrozen(risk, before)).toBe(after);
});

test('more evidence never lowers the risk, and it stays within 0 and 1', () => {
  const kinds = fc.constantFrom<ThreatKind>(
    'BruteForce',
    'PrivilegeEscalation',
    'Exfiltration',
    'RuntimeAlert',
  );
  const threats = fc.array(fc.tuple(kinds, fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 8 });
  fc.assert(
    fc.property(threats, fc.constantFrom('low', 'medium', 'high'), (list, criticality) => {
      let before = 0;
      for (let count = 1; count <= list.length; count += 1) {
        const open = list.slice(0, count).map(([kind, probability]) => threat(kind, probability));
        const risk = riskOf(open, 'shop', criticality);
        expect(risk).toBeGreaterThanOrEqual(before - 1e-12);
        expect(risk).toBeLessThanOrEqual(1);
        before = risk;
      }
    }),
  );
});

test('the rarer a count, the surer that it is not chance', () => {
  const chances = [1, 0.5, 0.1, 1e-2, 1e-3, 1e-4, 1e-6, 1e-12, 0].map(posteriorOf);
  expect(chances).toEqual([...chances].sort((a, b) => a - b));
  expect(chances.slice(0, 2)).toEqual([0, 0]);
  expect(posteriorOf(1e-3)).toBeCloseTo(0.35, 2);
  expect(posteriorOf(0)).toBe(1);
  expect(posteriorOf(NaN)).toBe(0);
});
