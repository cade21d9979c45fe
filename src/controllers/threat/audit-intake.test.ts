import type { AuditEvent } from '../../adapters/audit/audit-events.ts';
import type { RuntimeAlert } from '../../loop/analyze/threat/runtime-alerts.ts';
import { AuditIntake } from './audit-intake.ts';

const NOW = 1_000_000;
const ALERT: RuntimeAlert = { priority: 'Error', rule: 'r', namespace: '', pod: '', message: '' };

function event(id: string, at = NOW): AuditEvent {
  const fact = {
    verb: 'get',
    user: 'eve',
    agent: '',
    address: '',
    namespace: '',
    resource: 'pods',
    subresource: '',
  };
  return { id, at, fact: { ...fact, code: 403 } };
}

test('each request counts once, and not when it comes late', () => {
  const told: string[] = [];
  const intake = new AuditIntake((result) => told.push(result));
  intake.takeAudit([event('a'), event('a'), event('b', NOW - 120_001), event('c', NOW - 119_999)], NOW);
  intake.takeAudit([event('a')], NOW);
  expect(told).toEqual(['Taken', 'Repeated', 'Late', 'Taken', 'Repeated']);
  expect(intake.drain().tally.counts.get('refusedByUser')?.get('eve')?.count).toBe(2);
  expect(intake.drain().tally.events).toBe(0);
});

test('of alerts only so many wait, and the others are counted', () => {
  const intake = new AuditIntake(() => undefined);
  for (let count = 0; count < 1005; count += 1) intake.takeAlert(ALERT, NOW);
  const { alerts, droppedAlerts } = intake.drain();
  expect([alerts.length, droppedAlerts]).toEqual([1000, 5]);
  expect(intake.drain()).toMatchObject({ alerts: [], droppedAlerts: 0 });
});

test('it is known when something came last', () => {
  const intake = new AuditIntake(() => undefined);
  expect(intake.lastAt).toEqual({ audit: undefined, alert: undefined });
  intake.takeAudit([], NOW);
  intake.takeAlert(ALERT, NOW + 1);
  expect(intake.lastAt).toEqual({ audit: NOW, alert: NOW + 1 });
});
