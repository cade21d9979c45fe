import { MINUTE, NOW, SECOND, specFixture } from '../../../../test/support/loop-fixtures.ts';
import type { RequestObjective } from '../../monitor/requests.ts';
import { createSaturationEvidence, observeLoad, type SaturationEvidence } from '../../monitor/saturation.ts';
import {
  createCapacityMemory,
  requestCapacity,
  type CapacityMemory,
  type RequestCapacityInputs,
} from './request-capacity.ts';

function objective(change: object = {}): RequestObjective {
  const requests = { totalQuery: 'sum(rate(requests_total[30s]))', latencyThreshold: '400m', ...change };
  const parsed = specFixture({ objective: { requests } }).objective?.requests;
  if (parsed === undefined) throw new Error('the fixture has requests');
  return parsed;
}

interface Known {
  readonly memory: CapacityMemory;
  readonly saturation: SaturationEvidence;
}

const nothing = (): Known => ({ memory: createCapacityMemory(), saturation: createSaturationEvidence() });

const ask = ({ memory, saturation }: Known, change: Partial<RequestCapacityInputs> = {}) =>
  requestCapacity(memory, {
    objective: objective(),
    saturation,
    targetLoad: undefined,
    readyReplicas: 4,
    now: NOW,
    ...change,
  });

function served({ saturation }: Known, load: number, ticks: number): void {
  for (let i = 0; i < ticks; i += 1) {
    const now = NOW + i * 15 * SECOND;
    observeLoad(saturation, { now, demand: 4 * load, badShare: 0, readyReplicas: 4, averagedSeconds: 0 });
  }
}

describe('the capacity for the requests of an objective', () => {
  test('is what the policy says, with its work taken from the latency', () => {
    const said = objective({ perReplica: '2500m', concurrency: 2, latencyThreshold: '1' });
    expect(ask(nothing(), { objective: said })).toMatchObject({
      source: 'Specified',
      service: { requestsPerSecond: 2.5, concurrency: 2, waitSeconds: 1 - 2 / 2.5 },
    });
  });

  test('is unknown before anything was seen, and is learned within minutes', () => {
    const known = nothing();
    expect(ask(known).known).toBe(false);
    served(known, 20, 40);
    expect(ask(known, { now: NOW + 4 * MINUTE }).known).toBe(false);
    expect(ask(known, { now: NOW + 5 * MINUTE })).toMatchObject({ known: true, source: 'AtLeast' });
  });

  test.each<[string, Partial<RequestCapacityInputs>, string]>([
    ['the policy says something else', { objective: objective({ perReplica: '7' }) }, 'Specified'],
    ['a metric has a target', { targetLoad: 50 }, 'MetricTarget'],
    ['the clock steps back', { now: NOW - MINUTE }, 'AtLeast'],
  ])('is computed at once when %s', (_name, change, source) => {
    const known = nothing();
    ask(known);
    served(known, 20, 40);
    expect(ask(known, change)).toMatchObject({ known: true, source });
  });

  test('goes on in another process as in this one', () => {
    const known = nothing();
    served(known, 20, 40);
    ask(known);
    const restored = structuredClone(known);
    served(known, 25, 20);
    served(restored, 25, 20);
    const later = { now: NOW + 20 * MINUTE };
    expect(ask(restored, later)).toEqual(ask(known, later));
    expect(restored).toEqual(known);
  });
});
