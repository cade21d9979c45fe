import { NOW, SECOND } from '../../../../test/support/loop-fixtures.ts';
import { poisson, seededRandom } from '../../../simulate/random.ts';
import { createSaturationEvidence, observeLoad, type SaturationEvidence } from '../../monitor/saturation.ts';
import { learnedCapacity } from './learned-capacity.ts';
import { replicaCapacity } from './replica-capacity.ts';
import { replicasServing } from './replicas-serving.ts';
import { exactSlowShare, serviceModel, type ServiceModel } from './service-model.ts';

const DAY_TICKS = 5760;

interface Past {
  readonly days: number;
  readonly replicas: number;
  /** Highest and lowest load of the day, as parts of the capacity of all replicas. */
  readonly peak: number;
  readonly low: number;
}

/** Some days of a workload whose load goes up and down, as ticks of 15 s show them: counts of whole requests. */
function lived(service: ServiceModel, { days, replicas, peak, low }: Past): SaturationEvidence {
  const random = seededRandom(7);
  const evidence = createSaturationEvidence();
  const capacity = replicas * service.requestsPerSecond;
  for (let tick = 0; tick < days * DAY_TICKS; tick += 1) {
    const wave = (1 - Math.cos((2 * Math.PI * tick) / DAY_TICKS)) / 2;
    const rate = capacity * (low + (peak - low) * wave);
    const requests = poisson(30 * rate, random);
    if (requests === 0) continue;
    const bad = Math.min(
      requests,
      poisson(requests * exactSlowShare(replicas, requests / 30, service), random),
    );
    observeLoad(evidence, {
      now: NOW + tick * 15 * SECOND,
      demand: requests / 30,
      badShare: bad / requests,
      readyReplicas: replicas,
      averagedSeconds: 30,
    });
  }
  return evidence;
}

describe('a capacity that nobody has said', () => {
  test.each<[string, Past, number]>([
    ['a small workload', { days: 2, replicas: 3, peak: 0.9, low: 0.1 }, 0.15],
    ['a large workload', { days: 2, replicas: 40, peak: 1, low: 0.2 }, 0.1],
  ])('is found from the requests of %s', (_name, past, tolerance) => {
    const terms = { concurrency: 1, latencySeconds: 0.4 };
    const service = serviceModel({ ...terms, requestsPerSecond: 10 });
    if (service === undefined) throw new Error('the terms describe a queue');
    const learned = learnedCapacity(lived(service, past), 0.01);
    expect(learned).toMatchObject({ known: true, bound: 'Measured' });
    const capacity = replicaCapacity({
      terms,
      slowShare: 0.01,
      specified: undefined,
      learned,
      targetLoad: undefined,
      readyReplicas: past.replicas,
    });
    if (!capacity.known) throw new Error(capacity.message);
    expect(Math.abs(capacity.service.requestsPerSecond / 10 - 1)).toBeLessThan(tolerance);
    // And what it orders for another load is what the true service would need, but for the error of the capacity.
    const demand = 2 * past.replicas * 10;
    const needed = replicasServing(demand, service, 0.01) ?? NaN;
    const ordered = replicasServing(demand, capacity.service, 0.01) ?? NaN;
    expect(Math.abs(ordered / needed - 1)).toBeLessThanOrEqual(tolerance + 1 / needed);
  });

  test('stays below the true one where a single replica has to keep most of its time free', () => {
    // A request in a hundred waits too long from 14 % of the capacity on: a queue of one is a bad model of many.
    const service = { requestsPerSecond: 10, concurrency: 1, waitSeconds: 0.3 };
    const learned = learnedCapacity(lived(service, { days: 3, replicas: 1, peak: 0.8, low: 0.05 }), 0.01);
    expect(learned).toMatchObject({ known: true, bound: 'Measured' });
    const capacity = replicaCapacity({
      terms: { concurrency: 1, latencySeconds: 0.4 },
      slowShare: 0.01,
      specified: undefined,
      learned,
      targetLoad: undefined,
      readyReplicas: 1,
    });
    expect(learned.known && learned.loadPerReplica).toBeCloseTo(1.4, 0);
    expect(capacity.known && capacity.service.requestsPerSecond).toBeLessThan(10);
  });

  test('is a bound where there were always too many replicas', () => {
    const service = { requestsPerSecond: 10, concurrency: 1, waitSeconds: 0.3 };
    const learned = learnedCapacity(lived(service, { days: 2, replicas: 10, peak: 0.5, low: 0.1 }), 0.01);
    expect(learned).toMatchObject({ known: true, bound: 'AtLeast' });
    expect(learned.known && learned.loadPerReplica).toBeLessThan(6);
  });
});
